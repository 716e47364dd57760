"""Queued pairs for tests: of records that no source has, or of a linked store."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from linker.review.item import Part, Verdict
from linker.review.queue_file import QUEUED, Queued, Review

AT = "2026-03-01T10:00:00+00:00"


def queued_rows(*pairs: tuple[str, str], part: Part = "threshold") -> pl.DataFrame:
    """Rows to queue, of records of the source cases."""
    rows = [
        ("person", "cases", one, "cases", other, part, None, None, True, 1.5, "person/1@x", 1, 7)
        for one, other in pairs
    ]
    return pl.DataFrame(rows, schema=dict(QUEUED), orient="row")


def said(*verdicts: Verdict) -> tuple[Review, ...]:
    """Reviews of as many reviewers, in the order of their names and of time."""
    return tuple(
        Review(f"r{place}", verdict, "", AT.replace("10:", f"{10 + place}:"))
        for place, verdict in enumerate(verdicts)
    )


def item(
    number: int,
    *,
    verdict: Verdict | None = None,
    reviews: Sequence[Review] = (),
    stratum: str | None = None,
    stands_for: float | None = None,
    link: bool = True,
    model: str = "person/1@x",
) -> Queued:
    """An item of the queue; drawn blind where it has a stratum."""
    return Queued(
        number=number,
        batch=1,
        entity_type="person",
        left=("cases", f"a{number}"),
        right=("cases", f"b{number}"),
        part="blind" if stratum else "threshold",
        stratum=stratum,
        sampling_weight=stands_for,
        link=link,
        model=model,
        verdict=verdict,
        decision=None,
        reviews=tuple(reviews),
    )
