"""What a model was judged to be worth, ready to be shown: figures, curves, thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linker.model import weight_of
from linker.report.curves import Axis, LineChart, line_chart
from linker.report.figures import bits, capitalised, percent, spaced

FIGURES: Final = {
    "pairwise_precision": "pairs put together that belong together",
    "pairwise_recall": "pairs that belong together and were put together",
    "pairwise_f1": "harmonic mean of the two",
    "b3_precision": "of an average record's entity, how much belongs to it",
    "b3_recall": "of what belongs to an average record, how much its entity has",
    "b3_f1": "harmonic mean of the two",
}
"""The figures of a judgement, in words."""
SHORT: Final = ("pairwise_precision", "pairwise_recall", "pairwise_f1")
"""Those that are told of groups."""
GROUPS: Final = {
    "culture": "By name culture",
    "source_pair": "By pair of sources",
    "missing": "By what either record lacks",
}
KINDS: Final = {
    "pairs": "labelled pairs",
    "clusters": "records whose target is known",
    "decisions": "what people decided, the part that no model is trained on",
    "silver": "records that share a strong identifier, which the model did not see",
}
MOST_ROWS: Final = 40
"""Of a group so many rows are shown."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """A share with its interval, in percent."""

    name: str
    meaning: str
    value: str
    interval: str


@dataclass(frozen=True)
class GroupRow:
    """The figures of a part of the truth."""

    name: str
    records: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Group:
    """The parts of the truth by one thing."""

    title: str
    rows: tuple[GroupRow, ...]
    left_out: int


@dataclass(frozen=True)
class Judged:
    """A judgement, ready to be shown.

    Attributes:
        title: By what it was judged.
        words: On which records.
        figures: The overall ones.
        groups: By name culture, pair of sources, missing fields.
        curve: Precision and recall over the link threshold.
        reliability: How often pairs match that are said to, before and after calibration.
        errors: The expected calibration error before and after; none where it was not judged.
        calibrated_on: How many pairs it was judged on.
        blocking: Recall of the blocking rules, that of scoring, and each rule's part.
        unlinkable: The share of records that do not even link to themselves.
        proposed: Thresholds by cost.
        notes: What the judge had to say.
    """

    title: str
    words: str
    figures: tuple[Figure, ...]
    groups: tuple[Group, ...]
    curve: LineChart | None
    reliability: LineChart | None
    errors: tuple[float, float] | None
    calibrated_on: int
    blocking: Json
    unlinkable: float | None
    proposed: Sequence[Json]
    notes: Sequence[str]


def judged(judgement: Json) -> Judged:
    """Return a judgement, as `metrics.json` holds it, ready to be shown."""
    truth, data = judgement["truth"], judgement["data"]
    calibration = judgement.get("calibration") or {}
    errors = None
    if calibration.get("before") and calibration.get("after"):
        errors = (calibration["before"]["error"], calibration["after"]["error"])
    return Judged(
        title=capitalised(KINDS.get(truth["kind"], truth["kind"])),
        words=(
            f"{truth['records']:,} records with a known answer and {truth['true_pairs']:,} true "
            f"pairs, among {data['sampled']:,} of {data['total']:,} records"
        ),
        figures=_figures(judgement["overall"], tuple(FIGURES)),
        groups=tuple(
            _group(title, judgement["groups"][name])
            for name, title in GROUPS.items()
            if judgement.get("groups", {}).get(name)
        ),
        curve=_curve(judgement),
        reliability=_reliability(calibration),
        errors=errors,
        calibrated_on=int(calibration.get("pairs") or 0),
        blocking=judgement.get("blocking") or {},
        unlinkable=(judgement.get("unlinkable") or {}).get("share"),
        proposed=judgement.get("proposed") or (),
        notes=judgement.get("notes") or (),
    )


def _figures(values: Json, names: Sequence[str]) -> tuple[Figure, ...]:
    found = []
    for name in names:
        told = values.get(name)
        if told is not None:
            value, low, high = told
            kind, _, rest = name.partition("_")
            title = f"{rest.upper() if rest == 'f1' else rest}"
            of = "Pairwise" if kind == "pairwise" else "B-cubed"
            found.append(
                Figure(f"{of} {title}", FIGURES[name], percent(value), f"{low:.1%} to {high:.1%}")
            )
    return tuple(found)


def _group(title: str, rows: Sequence[Json]) -> Group:
    shown = sorted(rows, key=lambda row: (-row["records"], row["name"]))[:MOST_ROWS]
    return Group(
        title,
        tuple(
            GroupRow(
                str(row["name"]),
                int(row["records"]),
                _figures(row, SHORT),
            )
            for row in shown
        ),
        len(rows) - len(shown),
    )


def _curve(judgement: Json) -> LineChart | None:
    points = judgement.get("curve") or ()
    link = weight_of(judgement["thresholds"]["link"])
    lines = [
        (name, style, [(point["weight"], point[name.lower()]) for point in points])
        for name, style in (("precision", "first"), ("recall", "second"), ("F1", "third"))
    ]
    described = ""
    if points:
        best = max(points, key=lambda point: point["f1"])
        described = (
            f"Precision, recall and F1 of the links by the least match weight of a link. F1 is "
            f"highest, {percent(best['f1'])}, at {bits(best['weight'])} bits; the model's own "
            f"threshold is {bits(link)} bits."
        )
    return line_chart(
        "Precision and recall over thresholds",
        described,
        lines,
        (Axis("least match weight of a link, in bits"), Axis("share")),
        [(link, f"link threshold {bits(link)}")],
    )


def _reliability(calibration: Json) -> LineChart | None:
    lines: list[tuple[str, str, list[tuple[float, float]]]] = []
    for when, style in (("before", "first"), ("after", "second")):
        bins = (calibration.get(when) or {}).get("bins") or ()
        points = [(row["expected"], row["observed"]) for row in bins if row["pairs"]]
        lines.append((when, style, points))
    if not any(points for _, _, points in lines):
        return None
    lines.append(("as said", "third", [(0.0, 0.0), (1.0, 1.0)]))
    return line_chart(
        "Calibration",
        "Of the pairs that are said to match with some probability, how many do, before and after "
        "calibration; where the model is right, the points lie on the dotted line.",
        lines,
        (Axis("match probability", 0.0, 1.0), Axis("share that match")),
    )


def rule_rows(blocking: Json) -> list[tuple[str, float, float]]:
    """Return of each blocking rule its name, the share of true pairs it finds, and finds alone."""
    return [
        (spaced(str(row["rule"])), float(row["found"]), float(row["only"]))
        for row in blocking.get("by_rule", ())
    ]
