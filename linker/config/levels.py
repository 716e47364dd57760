"""Comparison levels as they are configured, and how the levels of a comparison must stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

MISSING_KINDS: Final = ("missing", "missing_all", "missing_or", "told_by")
"""Kinds that say that there is nothing to compare."""
ELSE_KIND: Final = "else"
"""The kind that whatever met no other level meets."""


class LevelSettings(BaseModel):
    """One comparison level: its kind and that kind's parameters (see `linker.scoring.levels`)."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    kind: str
    term_frequency: str | None = None
    """The column whose term frequencies adjust the level's weight."""
    m: float | None = Field(default=None, gt=0, lt=1)
    """The share of matches expected on the level before any data speak."""
    relatives: float | None = Field(default=None, gt=0, le=1)
    """The share of relatives under one roof who meet the level: twins have one birth date. It
    bounds what the level says of identity, log2(m / relatives), and not the match weight."""

    @property
    def is_missing(self) -> bool:
        """Whether the level means that there is nothing to compare."""
        return self.kind in MISSING_KINDS

    @property
    def parameters(self) -> dict[str, Any]:
        """The kind's own parameters."""
        return dict(self.model_extra or {})


def order_mistake(levels: Sequence[LevelSettings]) -> str | None:
    """Return what is wrong with the kinds of a comparison's levels, None where nothing is.

    A level is met only by pairs that met none above it. So the missing level comes first (a null
    would otherwise count as disagreement), "else" last (a pair that met nothing would have no
    weight), and a level that repeats another could never be met.
    """
    for number, level in enumerate(levels, start=1):
        first, last = number == 1, number == len(levels)
        if first and not level.is_missing:
            return f'levels 1: the first level must be of kind "missing", not {level.kind!r}'
        if last and level.kind != ELSE_KIND:
            return f'levels {number}: the last level must be of kind "else", not {level.kind!r}'
        if (level.is_missing and not first) or (level.kind == ELSE_KIND and not last):
            where = "first" if level.is_missing else "last"
            return f"levels {number}: kind {level.kind!r} may only come {where}"
        for earlier, other in enumerate(levels[: number - 1], start=1):
            if (level.kind, level.parameters) == (other.kind, other.parameters):
                return f"levels {number}: repeats level {earlier}, so that no pair could meet it"
    if len(levels) <= len(("missing", ELSE_KIND)):
        return 'levels: at least one level must stand between "missing" and "else"'
    return None


def parameter_mistake(levels: Sequence[LevelSettings]) -> str | None:
    """Return what is wrong with m and term frequencies of levels in good order, else None."""
    for number, level in enumerate(levels, start=1):
        if level.term_frequency and (level.is_missing or level.kind == ELSE_KIND):
            return f"levels {number}: term frequencies adjust agreement, not kind {level.kind!r}"
        if level.relatives is not None and level.is_missing:
            return f"levels {number}: a missing level says nothing of relatives; leave it out"
    if levels[0].m is not None:
        return "levels 1: a missing level weighs nothing; leave m out"
    without = [number for number, level in enumerate(levels[1:], start=2) if level.m is None]
    if 0 < len(without) < len(levels) - 1:
        return f"levels {without[0]}: m is missing; give it for every level but the first, or none"
    return None
