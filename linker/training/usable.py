"""Which comparisons can be estimated: those with values, that do not all say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from linker.config import ComparisonSettings
from linker.model import TrainedComparison
from linker.schemas import EntityType
from linker.scoring.levels import kind_of

LEAST_VALUES: Final = 10
"""A comparison whose needed field has fewer values than this is left out of the model."""


def fill_shares(
    mentions: pl.DataFrame, comparisons: Sequence[ComparisonSettings], entity_type: EntityType
) -> dict[str, float]:
    """Return for each comparison the share of records that have what it compares."""
    shares = {}
    for comparison in comparisons:
        first = comparison.levels[0]
        kind = kind_of(first, f"{entity_type}: comparison {comparison.name!r}").in_training
        present = [pl.col(column).is_not_null() for column in kind.needed]
        known = (
            pl.any_horizontal(present) if kind.name == "missing_all" else pl.all_horizontal(present)
        )
        shares[comparison.name] = mentions.select(known.mean()).item()
    return shares


def without_data(fills: Mapping[str, float], records: int) -> dict[str, str]:
    """Return the comparisons that too few records have values for, each with a note.

    Args:
        fills: By comparison, the share of records that have what it compares.
        records: How many there are.
    """
    counts = {name: round(fill * records) for name, fill in fills.items()}
    return {
        name: (
            f"comparison {name} is left out: "
            + (
                f"only {n:,} of the records have what it compares"
                if n
                else "its fields are empty in these sources"
            )
        )
        for name, n in counts.items()
        if n < LEAST_VALUES
    }


def without_difference(
    comparisons: Sequence[TrainedComparison], seen: Mapping[str, Sequence[bool]]
) -> dict[str, str]:
    """Return the comparisons that tell no pair from another, each with a note.

    Where every pair meets one level, matches meet it as often as others. That is so of a field that
    has one value in all records. A field whose values never agree is another matter: that two
    records agree on a fingerprint would say much, though no two of these do. It stays, with the
    configured m.

    Args:
        comparisons: Trained or not.
        seen: As `linker.training.interpolate.seen_levels` says.
    """
    notes = {}
    for comparison in comparisons:
        name = comparison.name
        labels = [level.label for level in comparison.levels if not level.is_missing]
        met = [place for place, one in enumerate(seen[name]) if one]
        if not met:
            notes[name] = f"comparison {name} is left out: hardly any two records have its fields"
        elif len(met) == 1 and met[0] < len(labels) - 1:
            notes[name] = (
                f"comparison {name} is left out: every pair of records meets its level "
                f"{labels[met[0]]!r}, so that it tells none from another"
            )
    return notes


def without_agreement(
    comparisons: Sequence[TrainedComparison], seen: Mapping[str, Sequence[bool]]
) -> list[str]:
    """Return a note of each comparison on which no two records were seen to agree."""
    return [
        f"comparison {comparison.name}: no two of these records agree on it; what agreement weighs "
        "rests on the configured m"
        for comparison in comparisons
        if seen[comparison.name][-1] and not any(seen[comparison.name][:-1])
    ]
