"""Answers as rows of a table: an entity each, and one for a target without any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from linker.jobs.target_file import Target
from linker.lookup.answer import Answer, Hit, Shared
from linker.schemas import HITS

NOT_ASKED: Final = "NOT_ASKED"
OUTCOMES: Final = ("HIT", "SHARED_IDENTIFIER", "NO_HIT", NOT_ASKED)
"""What becomes of a target, which its first row says."""
_TOLD: Final = (
    *("class", "agency", "unit", "office", "contact_name", "contact_phone", "contact_email"),
    *("case_id", "status", "opened", "closed"),
)
"""What is told of the most pressing investigation."""

Row = dict[str, Any]


def rows_of(target: Target, answer: Answer) -> list[Row]:
    """Return the rows of a target that was asked for.

    First come the entities that match, the best first; then those that hold an identifier of it
    and are no match, whose rows say ``SHARED_IDENTIFIER`` and have no tier.
    """
    about = {
        "generation": answer.generation,
        "model": answer.model,
        "as_of": answer.as_of,
        "missed_probability": answer.missed.probability if answer.missed else None,
    }
    found: list[Row] = [_hit(hit) for hit in answer.hits]
    found += [_shared(shared) for shared in answer.shared]
    found = found or [{"outcome": answer.outcome}]
    return [
        {**_of(target), **about, "rank": rank if "entity_id" in row else None, **row}
        for rank, row in enumerate(found, start=1)
    ]


def row_not_asked(target: Target, reason: str, about: Mapping[str, Any]) -> Row:
    """Return the row of a target that could not be asked for.

    Args:
        target: The target.
        reason: Why, on one line, without a value.
        about: ``generation``, ``model`` and ``as_of`` of what would have been asked.
    """
    return {**_of(target), **about, "outcome": NOT_ASKED, "reason": reason}


def hit_table(rows: Iterable[Row]) -> pl.DataFrame:
    """Return rows as a table with the schema `HITS`."""
    dates = [name for name, kind in HITS.items() if kind == pl.Date()]
    schema = {name: pl.String() if name in dates else kind for name, kind in HITS.items()}
    frame = pl.DataFrame(list(rows), schema=schema)
    return frame.with_columns(pl.col(dates).str.to_date("%Y-%m-%d"))


def _of(target: Target) -> Row:
    return {"target": target.name, "row": target.row}


def _hit(hit: Hit) -> Row:
    return {
        "outcome": "HIT",
        "tier": hit.tier,
        "match_weight": hit.match_weight,
        "match_probability": hit.match_probability,
        "matched_on": hit.matched_on,
        **_entity(hit),
    }


def _shared(shared: Shared) -> Row:
    return {"outcome": "SHARED_IDENTIFIER", "shared_on": shared.matched_on, **_entity(shared)}


def _entity(found: Hit | Shared) -> Row:
    most_pressing = found.investigations[0] if found.investigations else {}
    return {
        "entity_id": found.entity_id,
        "records": found.records,
        "investigations": len(found.investigations),
        **{name: most_pressing.get(name) for name in _TOLD},
    }
