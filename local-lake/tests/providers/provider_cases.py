"""One case for each resource type: its properties before and after an update, and what shows then.

NAME in a property stands for the stack's name, which no other test has.
"""

from __future__ import annotations

from access_cases import ACCESS_CASES
from data_cases import DATA_CASES
from grant_cases import GRANT_CASES
from network_cases import NETWORK_CASES
from operations_cases import OPERATIONS_CASES
from processing_cases import PROCESSING_CASES

CASES = (
    *DATA_CASES,
    *PROCESSING_CASES,
    *ACCESS_CASES,
    *GRANT_CASES,
    *NETWORK_CASES,
    *OPERATIONS_CASES,
)
