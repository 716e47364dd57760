"""The committed scoreboard: written where asked, and compared with on every change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).resolve().parents[1] / "accuracy.json"
DIGITS: Final = 4
NOT_KEPT: Final = ("seconds", "note")
"""What differs from machine to machine."""
MARGIN: Final = 0.003
"""An F1 that falls by more is worse, and not a matter of sampling in training."""
JUDGED: Final = ("pairwise_f1", "b3_f1")

Board = dict[str, dict[str, Any]]


def board_of(rows: Iterable[Mapping[str, Any]]) -> Board:
    """Return rows by set, rounded, without what differs from machine to machine."""
    return {
        str(row["set"]): _rounded(
            {name: value for name, value in row.items() if name not in (*NOT_KEPT, "set")}
        )
        for row in rows
    }


def read_board(path: Path = FILE) -> Board:
    """Return the committed scoreboard, empty where there is none."""
    if not path.exists():
        return {}
    board: Board = json.loads(path.read_text(encoding="utf-8"))
    return board


def write_board(board: Board, path: Path = FILE) -> None:
    """Write what was measured over what is committed; other sets keep their figures."""
    whole = read_board(path) | board
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def differences(before: Board, after: Board) -> list[str]:
    """Return a line for each figure of the measured sets that is not what was committed.

    Args:
        before: The committed scoreboard.
        after: What was measured; sets that it lacks are not compared.
    """
    lines = []
    for name in sorted(after):
        if name not in before:
            lines.append(f"{name}: is new")
            continue
        old, new = dict(_flat(before[name])), dict(_flat(after[name]))
        for figure in sorted(old.keys() | new.keys()):
            one, other = old.get(figure), new.get(figure)
            if one != other:
                lines.append(f"{name}.{figure}: {_shown(one)} -> {_shown(other)}")
    return lines


def fallen(before: Board, after: Board, margin: float = MARGIN) -> list[str]:
    """Return a line for each F1 that fell by more than the margin.

    Args:
        before: The committed scoreboard.
        after: What was measured; sets that it lacks are not compared.
        margin: What is not yet a fall.
    """
    lines = []
    for name in sorted(after.keys() & before.keys()):
        for figure in JUDGED:
            one, other = before[name].get(figure), after[name].get(figure)
            if one is not None and other is not None and one - other > margin:
                lines.append(f"{name}.{figure} fell from {one:.4f} to {other:.4f}")
    return lines


def _rounded(value: Any) -> Any:  # noqa: ANN401 - values of JSON
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(inner) for inner in value]
    return value


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _shown(value: Any) -> str:  # noqa: ANN401 - values of JSON
    return "none" if value is None else str(value)
