"""Whether a model is worse than the one in use, beyond what a configuration allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from linker.config.models import ModelsSettings
from linker.judging.judgement import Figures, Group, Judgement
from linker.model import ModelInUse, Thresholds
from linker.training.smooth import rounded

OVERALL: Final = ("pairwise_f1", "pairwise_precision")
"""What may not fall by more than ``models.margin``: a false merge is worse than a miss."""
OF_CULTURES: Final = ("pairwise_f1", "pairwise_recall")
"""What may not fall by more than ``models.culture_margin`` for any name culture."""
CULTURE: Final = "culture"
"""The kind of group of a `Judgement` that the cultures are."""
_WORDS: Final = {
    "pairwise_f1": "F1",
    "pairwise_precision": "precision",
    "pairwise_recall": "recall",
}
_EXACT: Final = 1e-9
"""Figures are written to nine digits."""


@dataclass(frozen=True)
class Judged:
    """A model as it would be used, and what it was found to be.

    Attributes:
        in_use: The model.
        thresholds: Those it would be used with.
        judgements: The newest last.
    """

    in_use: ModelInUse
    thresholds: Thresholds
    judgements: list[Judgement]

    @property
    def valid(self) -> list[Judgement]:
        """The judgements of the very model at the very thresholds, the newest last."""
        used = {name: rounded(value) for name, value in self.thresholds.numbers.items()}
        return [
            judgement
            for judgement in self.judgements
            if judgement.model == self.in_use.name and judgement.thresholds.model_dump() == used
        ]


def common_judgement(candidate: Judged, in_use: Judged) -> tuple[Judgement, Judgement] | None:
    """Return the newest judgements of both models by the same truth over the same records.

    A judgement of a model whose files, or whose thresholds, are others now is none of it.

    Args:
        candidate: The model that is to be put in use.
        in_use: The one in use.
    """
    known = {_grounds(judgement): judgement for judgement in in_use.valid}
    for judgement in reversed(candidate.valid):
        if _grounds(judgement) in known:
            return judgement, known[_grounds(judgement)]
    return None


def _grounds(judgement: Judgement) -> tuple[str, str, int]:
    """Return what two judgements must agree in to be held against each other."""
    return judgement.truth.digest, judgement.data.digest, judgement.data.sampled


def reasons_against(
    candidate: Judgement, in_use: Judgement, allowed: ModelsSettings
) -> Iterator[str]:
    """Yield a sentence for each figure that falls by more than is allowed.

    Args:
        candidate: Of the model that is to be put in use.
        in_use: Of the one in use, by the same truth over the same records.
        allowed: The margins.
    """
    for figure in OVERALL:
        yield from _worse("", figure, (candidate.overall, in_use.overall), allowed.margin, "margin")
    groups = _cultures(in_use, allowed)
    for group in _cultures(candidate, allowed).values():
        if group.name in groups:
            both = (group, groups[group.name])
            for figure in OF_CULTURES:
                place = f"name culture {group.name}: "
                yield from _worse(place, figure, both, allowed.culture_margin, "culture_margin")


def _worse(
    place: str, figure: str, both: tuple[Figures, Figures], margin: float, key: str
) -> Iterator[str]:
    now, was = (getattr(figures, figure) for figures in both)
    if was[0] - now[0] > margin + _EXACT:
        yield (
            f"{place}{_WORDS[figure]} {now[0]:.4f} ({now[1]:.4f} to {now[2]:.4f}) is "
            f"{was[0] - now[0]:.4f} below the {was[0]:.4f} ({was[1]:.4f} to {was[2]:.4f}) of the "
            f"model in use (models.{key} allows {margin:g})"
        )


def what_was_not_judged(
    candidate: Judgement, in_use: Judgement, allowed: ModelsSettings
) -> Iterator[str]:
    """Yield a sentence where name cultures could not be held against each other."""
    both = [_cultures(judgement, allowed) for judgement in (candidate, in_use)]
    if not both[0].keys() & both[1].keys():
        yield (
            "no name culture was compared: the truth names none with "
            f"{allowed.culture_records:,} records or more (models.culture_records)"
        )


def _cultures(judgement: Judgement, allowed: ModelsSettings) -> dict[str, Group]:
    """Return the name cultures that are judged; a group a model made is named after that model."""
    return {
        group.name: group
        for group in judgement.groups.get(CULTURE, ())
        if group.records >= allowed.culture_records
    }
