"""What reviewers ask of the queue of pairs: may they, write it down, then tell.

Pages and JSON routes both come here, so that a reviewer sees the same and is remembered the same,
however they look. What is shown of a pair, and when, is decided by `linker.review.desk`, never
here. A verdict is written down before it is recorded: no decision is without its event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from linker.access import Identity
from linker.audit import Event, Shown
from linker.deconfliction.disclose import Viewer
from linker.errors import UsageError
from linker.review.desk import ReviewDesk
from linker.review.item import Decided, ReviewItem, Verdict
from linker.schemas import EntityType
from linker.service.asking import Asking
from linker.service.problems import Problem

T = TypeVar("T")


def reviewer_of(identity: Identity) -> str:
    """Return by which name a reviewer's verdicts are kept.

    A token's id would make two reviewers of a person who has two tokens, or a new one after the
    old one has expired: a token goes by the name of whom it was made for. A name that an identity
    provider gives may change, its subject does not.
    """
    return identity.name if identity.how == "token" else identity.subject


async def queue_of(asking: Asking) -> dict[str, Any]:
    """Return how many pairs wait, as `ReviewDesk.summary` tells it.

    Raises:
        AccessError: The asker reviews nothing.
        StoreError: The queue cannot be read.
        AuditError: The log cannot be used.
    """
    await asking.may("review")
    found = await _asked(asking, lambda desk, who, viewer: desk.summary(viewer, who))
    await asking.remember(_event(asking, detail="the queue"))
    return found


async def next_pair(asking: Asking, entity_type: EntityType | None) -> int | None:
    """Return the number of the next pair that the asker has not decided, None where none is left.

    Raises:
        AccessError: The asker reviews nothing.
        StoreError: The queue cannot be read.
        AuditError: The log cannot be used.
    """
    await asking.may("review")
    found = await _asked(asking, lambda desk, who, viewer: desk.next_for(who, entity_type, viewer))
    told = "none is left" if found is None else f"pair {found}"
    await asking.remember(_event(asking, entity_type=entity_type, detail=f"the next pair: {told}"))
    return found


async def pair(asking: Asking, number: int) -> ReviewItem:
    """Return a pair as the asker may see it now.

    Args:
        asking: Who looks.
        number: The pair's, in the queue.

    Raises:
        AccessError: The asker reviews nothing.
        Problem: There is no such pair for them.
        StoreError: The queue cannot be read.
        AuditError: The log cannot be used.
    """
    await asking.may("review")
    item = await _item(asking, number)
    values = len(item.left.values) + len(item.right.values)
    counts = {"pair": number, "values": values}
    told = _event(
        asking,
        entity_type=item.entity_type,
        shown=Shown(item.decided_by_me, counts=counts),
        detail=f"pair {number}: shown {'with' if item.decided_by_me else 'without'} its weight",
    )
    await asking.remember(told)
    return item


async def decide(asking: Asking, number: int, verdict: Verdict, reason: str) -> Decided:
    """Record what the asker says of a pair; said again, the first verdict stands.

    Args:
        asking: Who says it.
        number: The pair's, in the queue.
        verdict: What they say.
        reason: Why, for the journal; may be empty. What cannot be printed becomes a space.

    Raises:
        AccessError: The asker reviews nothing.
        Problem: There is no such pair for them.
        StoreError: The queue or the journal cannot be written.
        AuditError: The log cannot be used; then nothing is recorded.
    """
    await asking.may("review")
    item = await _item(asking, number)
    about = {"entity_type": item.entity_type, "shown": Shown(verdict, counts={"pair": number})}
    await asking.remember(_event(asking, **about, detail=f"pair {number}: {verdict}"))
    why = " ".join("".join(sign if sign.isprintable() else " " for sign in reason).split())
    try:
        found = await _asked(
            asking, lambda desk, who, viewer: desk.decide(number, who, verdict, why, viewer)
        )
    except UsageError:  # it has gone in the meantime
        await asking.remember(_event(asking, **about, detail=f"pair {number}: not recorded"))
        raise no_such_pair() from None
    if not found.recorded:
        said = f"pair {number}: nothing new, the first verdict stands"
        await asking.remember(
            _event(asking, **{**about, "shown": Shown(found.verdict)}, detail=said)
        )
    return found


def told_of(item: ReviewItem) -> dict[str, Any]:
    """Return a pair as JSON values; what is not to be known yet is null."""
    return {
        "number": item.number,
        "entity_type": item.entity_type,
        "left": _side(item, "left"),
        "right": _side(item, "right"),
        "differences": dict(item.differences),
        "context": dict(item.context),
        "decided_by_me": item.decided_by_me,
        "final": item.final,
        "part": item.part,
        "match_weight": item.weight,
        "match_probability": item.probability,
        "prior_weight": None if item.waterfall is None else item.waterfall["prior"],
        "summary": item.summary,
        "evidence": evidence_of(item),
    }


def evidence_of(item: ReviewItem) -> list[dict[str, Any]] | None:
    """Return what speaks for and against one entity, a comparison each: JSON values.

    Returns:
        ``comparison``, ``side`` (for or against), ``weight`` in bits and ``words``, in the order of
        the model; None while it is not to be known.
    """
    if item.evidence is None or item.waterfall is None:
        return None
    weights = [(name, weight) for name, weight in item.waterfall.items() if name != "prior"]
    return [
        {
            "comparison": name,
            "side": "for" if weight > 0 else "against",
            "weight": weight,
            "words": words,
        }
        for (name, weight), words in zip(weights, item.evidence, strict=True)
    ]


def no_such_pair() -> Problem:
    """Return what is answered where a pair is not there, or is as if it were not."""
    return Problem(404, "not-found", "there is no such pair in the queue, or none you may review")


def _side(item: ReviewItem, name: str) -> Mapping[str, Any]:
    side = item.left if name == "left" else item.right
    return {"source": side.source, "record_id": side.record_id, "values": dict(side.values)}


async def _asked(asking: Asking, ask: Callable[[ReviewDesk, str, Viewer], T]) -> T:
    """Ask the desk of the published generation, in a thread."""
    identity, config, desk = asking.identity, asking.opened.config, asking.opened.desks.current

    def asked() -> T:
        reviews = ReviewDesk(config, desk.generation, desk)
        return ask(reviews, reviewer_of(identity), identity.viewer)

    return await asking.opened.think(asked)


async def _item(asking: Asking, number: int) -> ReviewItem:
    found = await _asked(asking, lambda desk, who, viewer: desk.item(number, who, viewer))
    if found is None:
        await asking.remember(_event(asking, detail=f"pair {number}: not found"))
        raise no_such_pair()
    return found


def _event(asking: Asking, **more: Any) -> Event:  # noqa: ANN401 - attributes of an event
    generation = asking.opened.desks.current.generation.number
    return asking.event("review", generation=generation, **more)
