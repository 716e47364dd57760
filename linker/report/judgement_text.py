"""What is printed of a judgement: how good a model is, in words and a few tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from linker.report.figures import bits, counted, percent, probability

KINDS: Final = {
    "pairs": "labelled pairs",
    "clusters": "known entities",
    "decisions": "clerical decisions",
    "silver": "a strong identifier",
}
"""Kinds of truth in words."""
GROUPS: Final = {
    "culture": "name culture",
    "source_pair": "sources",
    "missing": "what a record lacks",
}
"""Kinds of groups in words."""
FIGURES: Final = ("precision", "recall", "f1")
_CURVE_EVERY: Final = 2.0
"""Bits between two printed points of the curve."""
_CURVE: Final = (-4.0, 16.0)


def judgement_text(found: Mapping[str, Any]) -> str:
    """Return a judgement as lines for a terminal.

    Args:
        found: `linker.judging.judgement.Judgement`, as JSON values.
    """
    truth, data, thresholds = found["truth"], found["data"], found["thresholds"]
    head = (
        f"model {found['model']} judged by {KINDS[truth['kind']]} ({truth['name']}): "
        f"{counted(truth['records'], 'record', 'records')}, "
        f"{counted(truth['true_pairs'], 'true pair', 'true pairs')}; linked: {data['origin']}"
    )
    limits = (
        f"link threshold {probability(thresholds['link'])}, review threshold "
        f"{probability(thresholds['review'])}, identity floor {bits(thresholds['identity_floor'])} "
        "bits"
    )
    parts = [
        [head, limits],
        _overall(found["overall"]),
        *(_groups(GROUPS[kind], groups) for kind, groups in found["groups"].items()),
        _blocking(found["blocking"], found["unlinkable"]),
        _curve(found["curve"]),
        _calibration(found["calibration"]),
        _proposed(found["proposed"]),
        [f"note: {note}" for note in found["notes"]],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _overall(figures: Mapping[str, Any]) -> list[str]:
    rows = [
        [label, *(_with_interval(figures[f"{kind}_{name}"]) for name in FIGURES)]
        for label, kind in (("pairwise", "pairwise"), ("B-cubed", "b3"))
        if figures[f"{kind}_f1"]
    ]
    return _table(["", "precision", "recall", "F1"], rows)


def _groups(title: str, groups: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        [
            group["name"],
            f"{group['records']:,}",
            *(_with_interval(group[f"pairwise_{name}"]) for name in FIGURES),
        ]
        for group in groups
    ]
    names = [f"by {title}", "records", "pairwise precision", "recall", "F1"]
    return _table(names, rows) if rows else []


def _blocking(blocking: Mapping[str, Any], unlinkable: Mapping[str, Any]) -> list[str]:
    rows = [
        [rule["rule"], percent(rule["found"]), percent(rule["only"])]
        for rule in blocking["by_rule"]
        if rule["found"]
    ]
    idle = [rule["rule"] for rule in blocking["by_rule"] if not rule["found"]]
    found = (
        f"blocking finds {percent(blocking['recall'])} of the true pairs; of these "
        f"{percent(blocking['scoring_recall'])} are put together"
    )
    alone = (
        f"unlinkable: {percent(unlinkable['share'])} of the records would not be linked with a "
        "copy of themselves"
    )
    return [
        found,
        *_table(["blocking rule", "finds", "only it finds"], rows),
        *([f"rules that find none: {', '.join(idle)}"] if idle else []),
        alone,
    ]


def _curve(curve: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        [
            bits(point["weight"]),
            probability(point["probability"]),
            *(percent(point[name]) for name in FIGURES),
        ]
        for point in curve
        if _CURVE[0] <= point["weight"] <= _CURVE[1] and point["weight"] % _CURVE_EVERY == 0
    ]
    return _table(["links from (bits)", "probability", "precision", "recall", "F1"], rows)


def _calibration(calibration: Mapping[str, Any] | None) -> list[str]:
    if calibration is None:
        return []
    before, after = calibration["before"], calibration["after"]
    rows = [
        [
            f"{row['low']:.2f} to {row['high']:.2f}",
            f"{row['pairs']:,}",
            f"{row['expected']:.3f}",
            f"{row['observed']:.3f}",
        ]
        for row in before["bins"]
    ]
    head = (
        f"calibration error (ECE) of match probability on {calibration['pairs']:,} pairs: "
        f"{before['error']:.4f} before, {after['error']:.4f} after calibration"
    )
    return [head, *_table(["match probability", "pairs", "mean", "share that matches"], rows)]


def _proposed(proposed: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        [
            f"{row['false_merge_cost']:g}",
            f"{row['link_threshold']:.6g}",
            *(percent(row[name]) for name in FIGURES[:2]),
            f"{row['cost']:.4f}",
        ]
        for row in proposed
    ]
    names = ["a false pair costs", "link threshold", "precision", "recall", "cost a true pair"]
    return _table(names, rows) if rows else []


def _with_interval(figure: Sequence[float]) -> str:
    value, low, high = figure
    return f"{value:.4f} ({low:.4f} to {high:.4f})"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table: the first column to the left, the others to the right."""
    lines = [names, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
