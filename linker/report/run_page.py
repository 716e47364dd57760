"""The page of a link run: what was read, matched and found, and what deserves a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from linker.report.charts import Histogram, histogram
from linker.report.render import render
from linker.report.run_report import ClassCount, EntityTypeReport, RunReport
from linker.report.words import CLASSES, EVENTS, PLURAL, TIERS
from linker.schemas import EntityType

SHOWN_PAIRS: Final = 25
"""How many pairs of units are in plain sight; the others are folded away."""


@dataclass(frozen=True)
class _EntitySection:
    name: EntityType
    plural: str
    counts: EntityTypeReport
    histogram: Histogram | None


@dataclass(frozen=True)
class _ClassRow:
    """A class of deconfliction: its rows by tier, in the order of the table's tiers, and in all."""

    name: str
    meaning: str
    by_tier: tuple[int, ...]
    total: int


def run_page(report: RunReport) -> str:
    """Return the page of a link run: one HTML file that needs nothing else.

    Args:
        report: What the run did.
    """
    classes = report.investigations.classes
    tiers = _tiers(classes)
    return render(
        "run.html",
        report=report,
        sections=[
            _EntitySection(name, PLURAL[name], counts, histogram(counts))
            for name, counts in report.entity_types.items()
        ],
        tiers=tiers,
        classes=_class_rows(classes, tiers),
        shown_pairs=SHOWN_PAIRS,
        tier_meanings=TIERS,
        event_meanings=EVENTS,
        plural=PLURAL,
    )


def _tiers(classes: tuple[ClassCount, ...]) -> tuple[str | None, ...]:
    """Return the known tiers, then any other that occurs; None, which only NO_HIT has, last."""
    others = {count.tier for count in classes} - set(TIERS)
    known: list[str | None] = [*TIERS, *sorted(tier for tier in others if tier)]
    return (*known, None) if None in others else tuple(known)


def _class_rows(classes: tuple[ClassCount, ...], tiers: tuple[str | None, ...]) -> list[_ClassRow]:
    names = dict.fromkeys(count.class_ for count in classes)
    rows = []
    for name in names:
        by_tier = tuple(
            sum(count.rows for count in classes if (count.class_, count.tier) == (name, tier))
            for tier in tiers
        )
        rows.append(_ClassRow(name, CLASSES.get(name, ""), by_tier, sum(by_tier)))
    return rows
