"""The words of a level that are the same for every pair: what was found, how often that is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from linker.config.levels import ELSE_KIND
from linker.evidence.fields import heading, noun, several
from linker.evidence.findings import differing, differing_places, finding, listed, passed_over
from linker.evidence.numbers import natural
from linker.model import TrainedComparison, TrainedLevel
from linker.schemas import MENTIONS, EntityType
from linker.scoring.levels import Kind, kind_of
from linker.scoring.levels.basic import AllOf, Else, MissingAll, MissingOr
from linker.scoring.levels.identifiers import ToldBy
from linker.scoring.levels.text import Exact
from linker.scoring.settings import equality

STRANGERS: Final[Mapping[EntityType, str]] = {
    "person": "strangers",
    "organization": "different organizations",
}
RELATIVES: Final[Mapping[EntityType, str]] = {
    "person": "relatives under one roof",
    "organization": "organizations of one group",
}
CAUTIONS: Final[Mapping[str, str]] = {
    "family": "Relatives share it, so it never makes a link by itself.",
    "association": "Strangers may share it, so it never makes a link by itself.",
    "biometric": "It is taken from the body and confirms by itself.",
}
"""Role of a comparison: what to know where it speaks for a match."""
CROWDED: Final = "it counts as missing, as a value does that too many unlike records hold"
"""Why nothing was compared that both records give, where no other comparison tells it."""


@dataclass(frozen=True)
class LevelWords:
    """A level in words, as far as they do not depend on a pair.

    Attributes:
        heading: What was compared: ``Birth date``.
        asked: What to give so that it can be compared: ``a date of birth``.
        found: What the level finds, as a clause.
        often: How often that is so, as a sentence; empty for a level that compares nothing.
        if_for: What to know where it speaks for a match, as a sentence or none.
        if_against: What to know where it speaks against one.
        is_missing: Whether it compares nothing.
        needed: The columns without which nothing can be compared.
        needs_all: Whether each of them is needed, or any one.
        passed_over: Why nothing is compared although both records give what is needed.
        term_column: The column whose rarity adjusts the weight.
        equal_terms: Whether both records give the same value of it.
        term_u: The u that its term frequency is compared with.
    """

    heading: str
    asked: str
    found: str
    often: str
    if_for: str
    if_against: str
    is_missing: bool
    needed: tuple[str, ...]
    needs_all: bool
    passed_over: str
    term_column: str | None
    equal_terms: bool
    term_u: float


def level_words(comparison: TrainedComparison, entity_type: EntityType) -> tuple[LevelWords, ...]:
    """Return the levels of a comparison in words, by place.

    Raises:
        ConfigError: A level's kind or a parameter is unknown.
    """
    kinds = [kind_of(level.level, comparison.name) for level in comparison.levels]
    needed = needed_columns(kinds[0])
    why_little = several(needed)
    columns = _compared(comparison.name, kinds)
    asked = listed([noun(column).indefinite for column in columns], "or")
    return tuple(
        LevelWords(
            heading=heading(comparison.name),
            asked=asked,
            found=_found(comparison.name, kinds, place, entity_type),
            often=_often(level, entity_type, best=place == 1),
            if_for=_caution(comparison, place),
            if_against=f"This says little: {why_little}."
            if why_little and isinstance(kinds[place], Else)
            else "",
            is_missing=level.is_missing,
            needed=needed,
            needs_all=not isinstance(kinds[0], MissingAll),
            passed_over=_passed_over(kinds[0]),
            term_column=level.term_frequency,
            equal_terms=_is_equality(kinds[place], level.term_frequency),
            term_u=(equality(comparison, level) or level).u or 1.0,
        )
        for place, level in enumerate(comparison.levels)
    )


def needed_columns(first: Kind) -> tuple[str, ...]:
    """Return the columns that may be missing, of the first level of a comparison."""
    columns: tuple[str, ...] = getattr(first, "of", ())
    return columns


def _compared(name: str, kinds: Sequence[Kind]) -> tuple[str, ...]:
    """Return what a comparison compares: the column it is named after, or those it needs."""
    if any(name in other.columns for other in kinds[1:]):
        return (name,)
    return needed_columns(kinds[0]) or (name,)


def _found(name: str, kinds: Sequence[Kind], place: int, entity_type: EntityType) -> str:
    kind = kinds[place]
    if not isinstance(kind, Else) or kind.differs != Else().differs:
        return finding(kind)
    first, others = kinds[0], kinds[1:]
    if isinstance(first, MissingAll):
        return differing_places(first.of)
    column = _compared(name, kinds)[0]
    return differing(
        column,
        is_list=isinstance(MENTIONS[entity_type].get(column), pl.List),
        likened=any(other.name not in {"exact", "overlap", ELSE_KIND} for other in others),
    )


def _often(level: TrainedLevel, entity_type: EntityType, *, best: bool) -> str:
    """Return how often a level is met among matches and among strangers, as a sentence.

    A pair meets the first level that fits, so all but the best one stand for what fits no better:
    most records of one person give years of birth within 12 years, and few no nearer dates.
    """
    if level.m is None or level.u is None:
        return ""
    shares = [
        f"of {natural(level.m)} pairs of records of one {entity_type}",
        f"of {natural(level.u)} pairs of {STRANGERS[entity_type]}",
    ]
    if level.relatives is not None:
        shares.append(f"of about {natural(level.relatives)} pairs of {RELATIVES[entity_type]}")
    is_end = best or level.level.kind == ELSE_KIND
    return f"This{'' if is_end else ', and nothing closer,'} is so {listed(shares, 'and')}."


def _caution(comparison: TrainedComparison, place: int) -> str:
    if comparison.role == "biometric" and place != 1:
        return ""  # only the best level confirms
    return CAUTIONS.get(comparison.role, "")


def _passed_over(first: Kind) -> str:
    if isinstance(first, ToldBy):
        return f"the {noun(first.by).one} of both tells it already"
    return passed_over(first) if isinstance(first, MissingOr) else CROWDED


def _is_equality(kind: Kind, column: str | None) -> bool:
    """Return whether both records give the same value of a column where a level is met."""
    parts = kind.parts() if isinstance(kind, AllOf) else [kind]
    return any(isinstance(part, Exact) and column in part.columns for part in parts)
