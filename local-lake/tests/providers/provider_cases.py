"""One case for each resource type: its properties before and after an update, and what shows then.

NAME in a property stands for the stack's name, which no other test has.
"""

from __future__ import annotations

from access_cases import ACCESS_CASES
from data_cases import DATA_CASES
from network_cases import NETWORK_CASES
from operations_cases import OPERATIONS_CASES

CASES = (*DATA_CASES, *ACCESS_CASES, *NETWORK_CASES, *OPERATIONS_CASES)
