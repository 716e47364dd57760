"""A change in words: what is so, what would have to be found instead, and what would come of it."""

from __future__ import annotations

from collections.abc import Sequence

from linker.evidence.fields import inline, noun
from linker.evidence.findings import listed
from linker.evidence.known import Lacking
from linker.evidence.ladders import Moved
from linker.evidence.level_words import LevelWords
from linker.evidence.numbers import bits
from linker.evidence.verdict import Sum
from linker.model import Thresholds


def premise(now: LevelWords, then: LevelWords, lacking: Lacking | None) -> str:
    """Return what is so, and what would have to be found instead: all but its consequence.

    Args:
        now: The level that the pair meets.
        then: The level that it would meet.
        lacking: Which side lacks what cannot be compared; None where that is not known.
    """
    head = f"{now.heading}:"
    if not now.is_missing:
        if then.is_missing:
            return f"{head} {now.found}. If this were not known of both"
        return f"{head} {now.found}. If instead {then.found}"
    if lacking == "question":
        return f"{head} the question gives none. Give {now.asked}: if {then.found}"
    if lacking == "record":
        return f"{head} the record gives none. If it did, and {then.found}"
    if lacking == "both":
        return (
            f"{head} neither the question nor the record gives one. If both did, and {then.found}"
        )
    return f"{head} not known of both. If it were, and {then.found}"


def consequence(before: float, after: Sum, thresholds: Thresholds, *, exact: bool) -> str:
    """Return what would come of a change: ``the weight would rise from 4.1 to 17.9 bits ...``.

    Args:
        before: The match weight as it is, in bits.
        after: What the levels would come to then.
        thresholds: Those in use.
        exact: Whether that is known exactly.
    """
    way = "rise" if after.match_weight > before else "fall"
    about = "" if exact else "about "
    was = bits(before).removesuffix(" bits")
    verdict = after.verdict(thresholds)
    said = (
        f"the weight would {way} from {was} to {about}{bits(after.match_weight)} and the verdict "
        f"would be {verdict}"
    )
    if verdict == "POSSIBLE" and after.match_probability >= thresholds.link:
        who = bits(after.identity_weight).removesuffix(" bits")
        said += f", since only {who} of {bits(thresholds.identity_floor)} needed say who it is"
    return f"{said}."


def assumptions(then: LevelWords, moved: Moved, *, as_now: bool) -> str:
    """Return what a consequence takes for granted, in sentences or none.

    Args:
        then: The level that would be met.
        moved: Where the pair would stand.
        as_now: Whether the value is taken to be as common as the one that is there.
    """
    said = []
    if then.term_column:
        common = "as it is now" if as_now else "as most"
        said.append(f"This takes the {noun(then.term_column).one} to be as common {common}.")
    if moved.counted:
        named = _named(moved.counted)
        said.append(f"{named[:1].upper()}{named[1:]} would be counted with it.")
    if moved.unsure:
        said.append(f"What {_named(moved.unsure)} would say then is not known for certain.")
    return " ".join(said)


def _named(comparisons: Sequence[str]) -> str:
    return listed([f"the {inline(name)}" for name in comparisons], "and")
