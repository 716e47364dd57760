"""The desk of reviewers: the next pair, both records side by side, and what was said of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np

from linker.access.permissions import require
from linker.config import Config
from linker.deconfliction.disclose import Viewer
from linker.errors import StoreError, UsageError
from linker.evidence.summary import summary_words
from linker.lookup.desk import Desk
from linker.lookup.shelf import Shelf
from linker.lookup.view import as_json
from linker.review.agreement import agreement_of
from linker.review.differences import differences
from linker.review.item import PARTS, VERDICTS, Decided, ReviewItem, Side, Verdict
from linker.review.queue_file import Queued, Review, add_review, read_items
from linker.review.seen import Seen, seen_items
from linker.review.verdicts import settle
from linker.schemas import MENTIONS, ORGANIZATION_FIELDS, PERSON_FIELDS, EntityType
from linker.scoring.explain import ExplainedPair, explain
from linker.store.generation import Generation
from linker.store.journal import now
from linker.store.layout import open_store

MOST_CHARACTERS: Final = 2_000
"""Of a reason."""
MOST_OF_NAME: Final = 200
"""Characters of a reviewer's name."""
MOST_NUMBER: Final = 2**63 - 1
"""No item has a higher number."""
_FIELDS: Final = frozenset(
    {"name_as_given", "birth_year", "birth_month", "legal_form", "organization_kind"}
    | {*PERSON_FIELDS, *ORGANIZATION_FIELDS}
) - {"kind", "predicate", "full_name"}
"""The fields that reviewers compare; what a case is about is none of them."""
_DATES: Final = ("opened", "closed", "arrested_on", "reported_on", "listed_on")
_CONTEXT: Final = ("kind", "agency", "unit", *_DATES)


class ReviewDesk:
    """The queue of pairs to look at, beside the published generation that holds their records.

    Cheap to make: what it needs of the generation is opened when it is first asked for. Several
    threads and processes may use it at once; the queue's file is opened for each call.
    """

    def __init__(self, config: Config, generation: Generation, desk: Desk | None = None) -> None:
        """Name what is reviewed.

        Args:
            config: Names the store; ``[review]`` says how many reviewers a pair needs.
            generation: The published one.
            desk: Its lookup desk, where one is open already.
        """
        self._config = config
        self._generation = generation
        self._given = desk
        self._store = open_store(config.resolve(config.store.directory))

    @cached_property
    def _desk(self) -> Desk:
        return self._given or Desk(self._config, self._store, self._generation)

    def summary(self, viewer: Viewer, reviewer: str | None = None) -> dict[str, Any]:
        """Count the pairs that a viewer may see.

        Args:
            viewer: Who asks.
            reviewer: Their name, for ``by_me``.

        Returns:
            ``reviewers``, how many a pair needs; ``entity_types``: entity type: ``open``,
            ``decided``, ``by_me``, ``parts`` (part: ``open`` and ``decided``), ``agreement`` (see
            `linker.review.agreement.agreement_of`).

        Raises:
            AccessError: The role reviews nothing.
            StoreError: The queue cannot be read.
        """
        require(viewer.role, "review")
        seen = [item for item, _ in self._seen(read_items(self._store), viewer)]
        return {
            "reviewers": self._config.review.reviewers,
            "entity_types": {
                entity: _counted([item for item in seen if item.entity_type == entity], reviewer)
                for entity in self._generation.entity_types
            },
        }

    def next_for(self, reviewer: str, entity_type: EntityType | None, viewer: Viewer) -> int | None:
        """Return the number of the next pair this reviewer may see and has not decided.

        Args:
            reviewer: Their name.
            entity_type: Of which; of any if None.
            viewer: Who asks.

        Raises:
            AccessError: The role reviews nothing.
            StoreError: The queue cannot be read.
        """
        require(viewer.role, "review")
        waiting = [
            item
            for item in read_items(self._store)
            if item.verdict is None
            and entity_type in (None, item.entity_type)
            and item.said_by(reviewer) is None
        ]
        return next((item.number for item, _ in self._seen(waiting, viewer)), None)

    def item(self, number: int, reviewer: str, viewer: Viewer) -> ReviewItem | None:
        """Return a pair as this reviewer sees it.

        Returns:
            None where there is no such item for them: unknown, gone from the sources, or with a
            record whose values they may not see.

        Raises:
            AccessError: The role reviews nothing.
            StoreError: The queue cannot be read.
        """
        require(viewer.role, "review")
        for item, mentions in self._seen(self._numbered(number), viewer):
            shelf = self._desk.shelf(item.entity_type)
            shown = self._shown(shelf, item, mentions)
            mine = item.said_by(reviewer)
            return shown if mine is None else self._told(shelf, item, shown, mentions, mine)
        return None

    def decide(
        self, number: int, reviewer: str, verdict: Verdict, reason: str, viewer: Viewer
    ) -> Decided:
        """Record what a reviewer says of a pair; said again, it changes nothing.

        Where it closes the item, the verdict goes into the journal as a clerical decision.

        Args:
            number: The item's.
            reviewer: Who says it; no empty text.
            verdict: match, non_match or unsure.
            reason: Why, for the journal; may be empty.
            viewer: Who that is.

        Raises:
            AccessError: The role reviews nothing.
            UsageError: There is no such item for them, no such verdict, or a text is too long.
            StoreError: The queue or the journal cannot be written. A verdict that is in the queue
                by then goes into the journal with the next one.
        """
        require(viewer.role, "review")
        name, why = reviewer.strip(), " ".join(reason.split())
        _refuse(name, verdict, why)
        if next(self._seen(self._numbered(number), viewer), None) is None:
            raise UsageError(f"no item {number} to review, or you may not see it")
        review = Review(name, verdict, why, now())
        stands, recorded = add_review(self._store, number, review)
        try:
            settle(self._store, self._config.review.reviewers)
        except StoreError as error:
            raise StoreError(
                f"{error}; the verdict is kept and goes into the journal with the next one"
            ) from None
        closed = next(iter(self._numbered(number)), None)
        return Decided(
            number=number,
            verdict=stands.verdict,
            recorded=recorded,
            final=closed.verdict if closed else None,
            decision=closed.decision if closed else None,
        )

    def agreement(self) -> dict[str, Any]:
        """Say how far reviewers agree, and what the blind part says of the links.

        Returns:
            Entity type: see `linker.review.agreement.agreement_of`.

        Raises:
            StoreError: The queue cannot be read.
        """
        return agreement_by_type(read_items(self._store), self._generation.entity_types)

    def _numbered(self, number: int) -> tuple[Queued, ...]:
        return read_items(self._store, number) if 0 < number <= MOST_NUMBER else ()

    def _seen(self, items: Sequence[Queued], viewer: Viewer) -> Iterator[Seen]:
        return seen_items(self._desk, items, viewer) if items else iter(())

    def _shown(self, shelf: Shelf, item: Queued, mentions: tuple[int, int]) -> ReviewItem:
        fields = [name for name in MENTIONS[item.entity_type] if name in _FIELDS]
        rows = [shelf.index.row(mention, fields) for mention in mentions]
        about = [shelf.index.row(mention, _CONTEXT) for mention in mentions]
        left, right = (
            Side(*record, {name: it for name, it in as_json(row).items() if it is not None})
            for record, row in zip((item.left, item.right), rows, strict=True)
        )
        return ReviewItem(
            number=item.number,
            entity_type=item.entity_type,
            left=left,
            right=right,
            differences=differences(*rows),
            context={
                "sources": [left.source, right.source],
                "kinds": [row["kind"] for row in about],
                "agencies": [row["agency"] for row in about],
                "units": [row["unit"] for row in about],
                "dates": [
                    {name: row[name].isoformat() for name in _DATES if row[name] is not None}
                    for row in about
                ],
            },
        )

    def _told(
        self,
        shelf: Shelf,
        item: Queued,
        shown: ReviewItem,
        mentions: tuple[int, int],
        mine: Review,
    ) -> ReviewItem:
        """Return an item with what the model says of it, for whom has decided."""
        pair = _explained(shelf, mentions)
        scoring = shelf.scoring
        telling = [one for one in pair.evidence if one.side != "absent"]
        return ReviewItem(
            number=shown.number,
            entity_type=shown.entity_type,
            left=shown.left,
            right=shown.right,
            differences=shown.differences,
            context=shown.context,
            decided_by_me=mine.verdict,
            final=item.verdict,
            part=item.part,
            weight=pair.match_weight,
            probability=pair.match_probability,
            evidence=tuple(scoring.phrases.in_words(one) for one in telling),
            waterfall={
                "prior": scoring.in_use.model.prior_weight,
                **{one.comparison: one.weight for one in telling},
            },
            summary=summary_words(scoring.in_use.model, pair.evidence, shelf.thresholds),
        )


def agreement_by_type(
    items: Sequence[Queued], entity_types: Sequence[EntityType]
) -> dict[str, Any]:
    """Return how far reviewers agree, by entity type; see `agreement_of`."""
    return {
        entity: agreement_of([item for item in items if item.entity_type == entity])
        for entity in entity_types
    }


def _refuse(name: str, verdict: str, why: str) -> None:
    if verdict not in VERDICTS:
        raise UsageError(f"no such verdict; say {', '.join(VERDICTS)}")
    if not name or len(name) > MOST_OF_NAME:
        raise UsageError(f"name the reviewer, in at most {MOST_OF_NAME} characters")
    if len(why) > MOST_CHARACTERS:
        raise UsageError(f"the reason is too long; give at most {MOST_CHARACTERS:,} characters")


def _counted(items: Sequence[Queued], reviewer: str | None) -> dict[str, Any]:
    def states(some: Sequence[Queued]) -> dict[str, int]:
        decided = sum(item.verdict is not None for item in some)
        return {"open": len(some) - decided, "decided": decided}

    return {
        **states(items),
        "by_me": sum(reviewer is not None and item.said_by(reviewer) is not None for item in items),
        "parts": {part: states([item for item in items if item.part == part]) for part in PARTS},
        "agreement": agreement_of(items),
    }


def _explained(shelf: Shelf, mentions: tuple[int, int]) -> ExplainedPair:
    """Return what the generation's model says of two of its mentions."""
    numbers, places = np.unique(np.array(mentions, dtype=np.int64), return_inverse=True)
    scorer = shelf.scoring.scorer
    packed = scorer.packed(shelf.index.held.features(numbers, scorer.layout))
    left, right = places.astype(np.int32)
    return explain(packed, np.array([left], dtype=np.int32), np.array([right], dtype=np.int32))[0]
