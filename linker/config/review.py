"""The section of clerical review: how many pairs are queued, and who has to look at each."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from linker.config.section import Section


class ReviewShares(Section):
    """``[review.shares]``: of the pairs queued, which share is chosen why; together they make 1.

    What a part finds no pairs for goes to `threshold`, but for `blind`.
    """

    threshold: float = Field(default=0.3, ge=0, le=1)
    """Nearest to the link or the review threshold."""
    rare_level: float = Field(default=0.2, ge=0, le=1)
    """With a comparison level that few labels, then few links, have."""
    session: float = Field(default=0.1, ge=0, le=1)
    """With a comparison level whose weight differs between training sessions."""
    group: float = Field(default=0.1, ge=0, le=1)
    """By source pair and name culture, those first that have the fewest labels."""
    blind: float = Field(default=0.3, ge=0, le=1)
    """At random among pairs kept apart for evaluation, for an honest measurement."""

    @model_validator(mode="after")
    def _together_they_make_one(self) -> Self:
        total = self.threshold + self.rare_level + self.session + self.group + self.blind
        if abs(total - 1) > 1e-6:  # noqa: PLR2004 - what decimals lose in binary
            raise ValueError(f"the shares make {total:g} together; let them make 1")
        return self


class ReviewSettings(Section):
    """``[review]``: the queue of pairs that people look at."""

    reviewers: int = Field(default=1, ge=1, le=2)
    """How many look at each pair; of two who disagree a third decides."""
    size: int = Field(default=200, ge=1, le=100_000)
    """How many pairs ``linker review queue`` adds, unless told otherwise."""
    shares: ReviewShares = ReviewShares()
