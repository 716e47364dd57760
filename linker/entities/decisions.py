"""Clerical decisions: which are in force, and what they join and hold apart.

A decision says of two records, named by source and record id, that they are one (`match`), that
they are not (`non_match`), or that nobody can tell (`unsure`). It outlives models and generations.
It is in force from when it was made until it expires or is withdrawn. Of several in force on one
pair the latest stands; of those of one second the most careful, `non_match` before `unsure` before
`match`. What stands and is `unsure` joins and parts nothing. A decision about a record that no
source holds waits for it.

Where A is B and B is C, but A is not C, the records are held apart: a false match is worse than a
missed one. Matches are followed from the oldest on (of one second, in the order of their records),
and one that would bring together what a `non_match` parts is not followed. So of all matches that
lead from the one record to the other, the newest is cut. The result depends on the decisions in
force alone, not on the order of their import, and each conflict is told with its path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from linker.schemas import DECISION_RECORDS, RECORD, EntityType, empty

VERDICTS: Final = ("match", "non_match", "unsure")
"""What a decision may say."""
_CARE: Final = {"non_match": 2, "unsure": 1, "match": 0}

DECIDED: Final = {
    "mention_l": pl.Int64(),
    "mention_r": pl.Int64(),
    "decision": pl.Int64(),
    "author": pl.String(),
}
"""Pairs of mentions that a decision joins or holds apart; mention_l < mention_r."""


@dataclass(frozen=True)
class Conflict:
    """A match that is not followed.

    Attributes:
        cut: The number of the decision that is not followed.
        mention_l: Its first mention.
        mention_r: Its second.
        parts: The number of the `non_match` that it would break.
        path: The numbers of the matches, `cut` among them, that lead from one of the two records
            that `parts` holds apart to the other, in their order.
    """

    cut: int
    mention_l: int
    mention_r: int
    parts: int
    path: tuple[int, ...]

    @property
    def text(self) -> str:
        """What is said of it: numbers of decisions alone."""
        path = ", ".join(map(str, self.path))
        return (
            f"decision {self.parts} parts two records that the decisions {path} join one by one; "
            f"decision {self.cut}, the newest of these, is not followed; withdraw one of them"
        )


@dataclass(frozen=True)
class Decided:
    """What decisions say of some mentions.

    Attributes:
        together: `DECIDED`, those that are in one cluster whatever else there is.
        apart: `DECIDED`, those that never are. No chain of `together` joins them.
        conflicts: The matches that are not followed, by number.
        waiting: The numbers of the decisions one record of which is not among the mentions.
    """

    together: pl.DataFrame
    apart: pl.DataFrame
    conflicts: tuple[Conflict, ...] = ()
    waiting: tuple[int, ...] = ()


_Joined = dict[int, dict[int, int]]
"""By mention those that a decision joins to it, with the decision's number."""

UNDECIDED: Final = Decided(empty(DECIDED), empty(DECIDED))
"""Nobody decided anything."""


def in_force(decisions: pl.DataFrame, at: str) -> pl.DataFrame:
    """Return the decisions that stand at a time: one a pair of records, by number.

    Args:
        decisions: Schema `DECISIONS`.
        at: ISO 8601 to the second, UTC.
    """
    since, until = pl.col("made_at") <= at, pl.min_horizontal("expires", "withdrawn_at")
    return (
        decisions.filter(since & (until.is_null() | (until > at)))
        .sort(
            "made_at",
            pl.col("decision").replace_strict(_CARE, return_dtype=pl.Int8),
            "decision_id",
            descending=True,
        )
        .unique(["entity_type", *DECISION_RECORDS], keep="first", maintain_order=True)
        .sort("decision_id")
    )


def decide(standing: pl.DataFrame, entity_type: EntityType, records: pl.DataFrame) -> Decided:
    """Return what decisions say of some mentions.

    Args:
        standing: `in_force`.
        entity_type: Whose mentions they are.
        records: ``source`` and ``record_id`` of the mentions, sorted by both. Whoever is joined by
            decisions to one of them is among them (see `reach`), or is not held by any source.
    """
    mine = standing.filter(pl.col("entity_type") == entity_type)
    if mine.is_empty():
        return UNDECIDED
    named = named_records(mine)
    held = records.select(list(RECORD)).with_row_index("place")
    found = held.with_columns(pl.col("place").cast(pl.Int64)).join(
        named, on=list(RECORD), how="semi"
    )
    for side in ("l", "r"):
        names = {"source": f"source_{side}", "record_id": f"record_id_{side}"}
        here = found.rename({**names, "place": f"mention_{side}"})
        mine = mine.join(here, on=list(names.values()), how="left", maintain_order="left")
    known = mine.drop_nulls(["mention_l", "mention_r"])
    waiting = mine.join(known, on="decision_id", how="anti")["decision_id"].to_list()
    apart = known.filter(pl.col("decision") == "non_match")
    matches = known.filter(pl.col("decision") == "match").sort("made_at", "mention_l", "mention_r")
    followed, conflicts = _followed(matches.to_dicts(), apart.to_dicts())
    together = matches.filter(pl.col("decision_id").is_in(followed))
    return Decided(_pairs(together), _pairs(apart), conflicts, tuple(waiting))


def named_records(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the records that decisions name."""
    sides = (
        decisions.select(source=f"source_{side}", record_id=f"record_id_{side}")
        for side in ("l", "r")
    )
    return pl.concat(sides).unique()


def _pairs(decisions: pl.DataFrame) -> pl.DataFrame:
    return decisions.select("mention_l", "mention_r", decision="decision_id", author="author").sort(
        "mention_l", "mention_r"
    )


def _followed(
    matches: Sequence[dict[str, Any]], apart: Sequence[dict[str, Any]]
) -> tuple[list[int], tuple[Conflict, ...]]:
    """Follow matches from the first on, unless one would join what is apart."""
    joined: _Joined = {}
    groups: dict[int, set[int]] = {}
    parted: dict[int, list[dict[str, Any]]] = {}
    for row in apart:
        parted.setdefault(row["mention_l"], []).append(row)
        parted.setdefault(row["mention_r"], []).append(row)
    followed: list[int] = []
    conflicts: list[Conflict] = []
    for row in matches:
        number, left, right = row["decision_id"], row["mention_l"], row["mention_r"]
        here, there = groups.get(left, {left}), groups.get(right, {right})
        against = _against(here, there, parted) if here is not there else None
        if against is None:
            if here is not there:  # else there would be two ways from one to another
                joined.setdefault(left, {})[right] = number
                joined.setdefault(right, {})[left] = number
            followed.append(number)
            here |= there
            groups.update(dict.fromkeys(here, here))
            continue
        ends = sorted((against["mention_l"], against["mention_r"]), key=lambda end: end in there)
        path = (*_path(joined, ends[0], left), number, *_path(joined, right, ends[1]))
        if ends[0] != against["mention_l"]:
            path = path[::-1]
        conflicts.append(Conflict(number, left, right, against["decision_id"], path))
    return followed, tuple(sorted(conflicts, key=lambda conflict: conflict.cut))


def _against(
    here: set[int], there: set[int], parted: dict[int, list[dict[str, Any]]]
) -> dict[str, Any] | None:
    """Return the first decision that holds two groups of mentions apart."""
    rows = (
        row
        for mention in here
        for row in parted.get(mention, ())
        if row["mention_l"] in there or row["mention_r"] in there
    )
    return min(rows, key=lambda row: (row["mention_l"], row["mention_r"]), default=None)


def _path(joined: _Joined, start: int, end: int) -> list[int]:
    """Return the decisions that lead from one mention to another; there is one way at most."""
    came = {start: (start, 0)}
    ahead = [start]
    while ahead and end not in came:
        here = ahead.pop()
        for there, number in joined.get(here, {}).items():
            if there not in came:
                came[there] = (here, number)
                ahead.append(there)
    path: list[int] = []
    while end != start:
        end, number = came[end]
        path.append(number)
    return path[::-1]
