"""The shipped models, and evidence of pairs that meet given levels."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from linker.config import EntitySettings
from linker.jobs.models import shipped_model
from linker.model import LinkageModel, ModelInUse, Thresholds, read_model
from linker.schemas import ENTITY_TYPES, EntityType
from linker.scoring.explain import Evidence, evidence_of

Evidences = Callable[..., list[Evidence]]


@pytest.fixture(scope="session")
def shipped() -> dict[EntityType, ModelInUse]:
    return {entity: read_model(shipped_model(entity), entity) for entity in ENTITY_TYPES}


@pytest.fixture(scope="session")
def people(shipped: dict[EntityType, ModelInUse]) -> LinkageModel:
    return shipped["person"].model


@pytest.fixture(scope="session")
def thresholds(people: LinkageModel) -> Thresholds:
    return people.thresholds(EntitySettings())


@pytest.fixture(scope="session")
def meeting(people: LinkageModel) -> Evidences:
    """Comparison: the place of the level that a pair meets, from the end if below 0."""

    def evidence(**places: int) -> list[Evidence]:
        return [
            evidence_of(comparison, places.get(comparison.name, 0) % len(comparison.levels), 0.0)
            for comparison in people.comparisons
        ]

    return evidence
