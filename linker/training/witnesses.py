"""Witnesses of m besides expectation maximisation: labelled matches, and strong identifiers.

Of pairs that are known to match, m is counted: how many meet each level. People's decisions are
such pairs; so are, but for slips, records that share a fingerprint id or an FBI number, where the
comparisons that read the identifier itself are left out.

Splink estimates m from labels, too, but tells shares alone. How many pairs stand behind them
decides whether they count, so the pairs are counted here, by the very conditions that Splink's
sessions use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from linker.database import frame, load
from linker.training.fitting import Fitting, columns_read, untrained_settings

DECISIONS: Final = "decisions"
"""The name of the witness of what people decided."""
MOST_PAIRS: Final = 200_000
"""Of more pairs that share an identifier, a fixed part is counted."""
_MISSING: Final = -1


@dataclass(frozen=True)
class Witness:
    """What pairs that are known to match say of m.

    Attributes:
        name: Who says so: `DECISIONS`, or the column of an identifier.
        pairs: How many pairs there are.
        met: By comparison, how many of them meet each level from best to worst; those that have
            nothing to compare are left out.
        used: The comparisons whose counts are combined with what the sessions say.
    """

    name: str
    pairs: int
    met: dict[str, list[int]]
    used: frozenset[str] = frozenset()

    @property
    def m(self) -> dict[str, list[float]]:
        """By comparison, the share of the pairs that meet each level; only where some do."""
        return {
            name: [round(count / sum(counts), 6) for count in counts]
            for name, counts in self.met.items()
            if sum(counts)
        }

    def summary(self) -> dict[str, Any]:
        """Return the witness as JSON values."""
        compared = {name: sum(counts) for name, counts in self.met.items() if sum(counts)}
        return {
            "pairs": self.pairs,
            "compared": compared,
            "used": sorted(self.used),
            "m": self.m,
        }


def of_decisions(fitting: Fitting, labels: pl.DataFrame) -> Witness:
    """Return what labelled matches say of m.

    Args:
        fitting: Its mentions.
        labels: ``mention_l``, ``mention_r`` (numbers of mentions) and ``is_match``. Pairs that do
            not match say nothing of m.
    """
    matches = labels.filter(pl.col("is_match") & (pl.col("mention_l") != pl.col("mention_r")))
    ordered = matches.select(
        mention_l=pl.min_horizontal("mention_l", "mention_r").cast(pl.Int64),
        mention_r=pl.max_horizontal("mention_l", "mention_r").cast(pl.Int64),
    ).unique()
    names = {comparison.name for comparison in fitting.comparisons}
    return _counted(fitting, DECISIONS, ordered, names, use=True)


def of_identifier(fitting: Fitting, column: str) -> Witness:
    """Return what records that share a strong identifier say of m.

    Args:
        fitting: Its mentions have the column.
        column: The identifier's; comparisons that read it are left out.
    """
    names = {c.name for c in fitting.comparisons if column not in columns_read(c)}
    every = max(1, -(-fitting.pairs_of([column]) // MOST_PAIRS))
    pairs = frame(
        fitting.connection,
        "SELECT l.mention AS mention_l, r.mention AS mention_r FROM mentions l JOIN mentions r "
        f"ON l.{column} = r.{column} AND l.mention < r.mention "
        f"WHERE (l.mention + r.mention) % {every} = 0",
    )
    return _counted(fitting, column, pairs, names, use=fitting.training.use_strong_identifiers)


def witness_notes(witnesses: Sequence[Witness], least: int) -> list[str]:
    """Return a note of each witness: how many pairs it saw, and whether its m counts."""
    notes = []
    for witness in witnesses:
        if witness.name == DECISIONS:
            who = f"{witness.pairs:,} labelled matches"
        else:
            who = f"{witness.pairs:,} pairs that share a {witness.name}"
        if witness.used:
            notes.append(
                f"m of {len(witness.used)} comparisons counts {who}, each pair as one match"
            )
        elif witness.name == DECISIONS:
            notes.append(
                f"{who} are too few to count for m (training.label_pairs = {least:,}); they are "
                "shown beside it"
            )
        else:
            notes.append(f"{who} are shown beside m, and do not count for it")
    return notes


def _counted(
    fitting: Fitting, name: str, pairs: pl.DataFrame, names: set[str], *, use: bool
) -> Witness:
    """Count by comparison how many pairs meet each level."""
    cases = _cases(fitting, names)
    met = {comparison: [0] * levels for comparison, (_, levels) in cases.items()}
    if not pairs.is_empty() and cases:
        load(fitting.connection, "witness_pairs", pairs)
        found = frame(fitting.connection, _levels_met(fitting, cases))
        for comparison, counts in met.items():
            for level, count in found[comparison].value_counts().iter_rows():
                if level != _MISSING:
                    counts[level] = count
    least = fitting.training.label_pairs
    used = {comparison for comparison, counts in met.items() if sum(counts) >= least}
    return Witness(name, pairs.height, met, frozenset(used if use else ()))


def _cases(fitting: Fitting, names: set[str]) -> dict[str, tuple[str, int]]:
    """Return by comparison SQL for the place of the level a pair meets, and how many there are."""
    settings = untrained_settings(fitting.comparisons).create_settings_dict("duckdb")
    cases = {}
    for comparison in settings["comparisons"]:
        if comparison["output_column_name"] not in names:
            continue
        place, when = 0, []
        for level in comparison["comparison_levels"]:
            condition = level["sql_condition"]
            found = _MISSING if level.get("is_null_level") else place
            place += found != _MISSING
            is_else = condition.strip().upper() == "ELSE"
            when.append(f"ELSE {found}" if is_else else f"WHEN {condition} THEN {found}")
        cases[comparison["output_column_name"]] = (f"CASE {' '.join(when)} END", place)
    return cases


def _levels_met(fitting: Fitting, cases: dict[str, tuple[str, int]]) -> str:
    """Return a query of the level that each pair of ``witness_pairs`` meets, by comparison."""
    read = {column for c in fitting.comparisons if c.name in cases for column in columns_read(c)}
    sides = [f"{side}.{column} AS {column}_{side}" for side in "lr" for column in sorted(read)]
    chosen = ", ".join(f"{case} AS {name}" for name, (case, _) in cases.items())
    return (
        f"SELECT {chosen} FROM (SELECT mention_l, mention_r, {', '.join(sides)} FROM witness_pairs "
        "JOIN mentions l ON l.mention = mention_l JOIN mentions r ON r.mention = mention_r)"
    )
