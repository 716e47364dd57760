"""When a pair is decided, and how that comes into the journal as a clerical decision.

What reviewers say is on the disk first. An item closes in a second step, which follows from the
reviews alone: the decision is written into the journal, then its number into the queue. Whoever
dies between the two leaves an open item whose decision the journal has; the next one to settle
finds it there and adds none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from linker.review.item import Verdict
from linker.review.queue_file import (
    Queued,
    Review,
    close_items,
    items_in,
    queue_path,
    read_items,
    writing,
)
from linker.schemas import DECISION_RECORDS, DECISIONS, conform
from linker.store.decision_table import writing_decisions
from linker.store.journal import now
from linker.store.layout import Store

_SAME: Final = ("entity_type", *DECISION_RECORDS, "decision", "author", "reason", "made_at")
"""What tells one decision of a review from all others; the reason names the item."""


@dataclass(frozen=True)
class Closing:
    """What closes an item.

    Attributes:
        verdict: Its verdict.
        by: The reviews that say so.
        at: When the last review that counted was made.
    """

    verdict: Verdict
    by: tuple[Review, ...]
    at: str


def closing_of(reviews: Sequence[Review], reviewers: int) -> Closing | None:
    """Return what closes an item, None while it is open.

    It closes when so many reviewers as are asked for agree. Where they do not, the next one
    decides. What is said later changes nothing.

    Args:
        reviews: In the order in which they were made, each of another reviewer.
        reviewers: How many are asked for.
    """
    first = reviews[:reviewers]
    if len(first) < reviewers:
        return None
    verdicts = {review.verdict for review in first}
    counted = reviews[: reviewers + (len(verdicts) > 1)]
    if len(verdicts) > 1 and len(counted) == reviewers:
        return None
    verdict = counted[-1].verdict
    by = tuple(review for review in counted if review.verdict == verdict)
    return Closing(verdict, by, max(review.made_at for review in counted))


def settle(store: Store, reviewers: int) -> int:
    """Close the items whose reviews suffice: each becomes one clerical decision in the journal.

    The queue is held while the journal is written, so that no record is forgotten in between.

    Args:
        store: Whose queue and journal.
        reviewers: How many reviewers an item needs.

    Returns:
        How many items were closed.

    Raises:
        StoreError: The queue or the journal cannot be read or written.
    """
    if not queue_path(store).exists() or not _ripe(read_items(store), reviewers):
        return 0
    with writing(store) as connection:
        ripe = _ripe(items_in(connection), reviewers)
        if not ripe:
            return 0
        rows = [_row(item, closing) for item, closing in ripe]
        with writing_decisions(store) as journal:
            known = _numbers(journal.all())
            new = [row for row in rows if _name(row) not in known]
            if new:
                schema = {name: kind for name, kind in DECISIONS.items() if name != "decision_id"}
                journal.add(conform(pl.DataFrame(new, schema=schema, orient="row"), schema))
            known = _numbers(journal.all())
        decided = {
            item.number: (closing.verdict, known[_name(row)])
            for (item, closing), row in zip(ripe, rows, strict=True)
        }
        close_items(connection, decided)
    return len(ripe)


def _ripe(items: Sequence[Queued], reviewers: int) -> list[tuple[Queued, Closing]]:
    found = []
    for item in items:
        closing = closing_of(item.reviews, reviewers) if item.verdict is None else None
        if closing is not None:
            found.append((item, closing))
    return found


def _row(item: Queued, closing: Closing) -> dict[str, Any]:
    said = dict.fromkeys(review.reason for review in closing.by if review.reason)
    reason = f"review {item.number}{': ' if said else ''}{'; '.join(said)}"
    values = (*item.left, *item.right)
    return {
        "entity_type": item.entity_type,
        **dict(zip(DECISION_RECORDS, values, strict=True)),
        "decision": closing.verdict,
        "author": ", ".join(review.reviewer for review in closing.by),
        "reason": reason,
        "made_at": closing.at,
        "expires": None,
        "recorded_at": now(),
        "withdrawn_at": None,
        "withdrawn_by": None,
        "withdrawn_why": None,
    }


def _numbers(decisions: pl.DataFrame) -> dict[tuple[Any, ...], int]:
    """Return the number of each decision by what it says; the first where several say the same."""
    rows = decisions.filter(pl.col("reason").str.starts_with("review ")).reverse()
    names = rows.select(_SAME).iter_rows()
    return dict(zip(names, rows["decision_id"], strict=True))


def _name(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _SAME)
