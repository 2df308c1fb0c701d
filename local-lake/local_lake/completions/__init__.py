"""Operations that moto lacks and CloudFormation's providers need, on moto's own records where it has them.

Each module touches moto's insides; tests/completions/test_completion_hooks.py watches every name used here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_lake.completions.cost_anomalies import CostAnomalies
from local_lake.completions.emr_serverless import register_emr_serverless
from local_lake.completions.glue_jobs import register_glue_jobs
from local_lake.completions.identity_providers import register_identity_providers

if TYPE_CHECKING:
    from local_lake.front.registry import Registry


def install_completions(registry: Registry) -> None:
    """Register the operations of this package."""
    register_glue_jobs(registry)
    register_emr_serverless(registry)
    register_identity_providers(registry)
    CostAnomalies().register(registry)
