"""The scoreboard as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from benchmarks.accuracy.peers import PEERS

Row = Mapping[str, Any]

_GROUPS: Final = {
    "by_missing": "what a record of the pair lacks",
    "by_culture": "name culture",
    "by_kind": "kind of error",
}
_SHARES: Final = ("recall", "blocking_recall", "scoring_recall", "link_precision")
_LOST: Final = ("lost_to_blocking", "lost_to_scoring")


def board_text(rows: Sequence[Row]) -> str:
    """Return the table of all sets, the peers beside it, and each set's errors by group."""
    parts = [
        _figures(rows),
        _losses(rows),
        _peers(rows),
        *(_group(row, key, title) for row in rows for key, title in _GROUPS.items() if key in row),
        *(_cases(row, key) for row in rows for key in ("by_schema", "by_case_group") if key in row),
    ]
    return "\n\n".join(part for part in parts if part)


def _figures(rows: Sequence[Row]) -> str:
    names = ("precision", "recall", "f1")
    head = ["set", "records", "model", *(f"pairwise {name}" for name in names)]
    table = [[*head, *(f"B-cubed {name}" for name in names), "seconds"]]
    for row in rows:
        cells = [str(row["set"]), f"{row['records']:,}", str(row["model"])]
        for kind in ("pairwise", "b3"):
            cells += [_with_interval(row, f"{kind}_{name}") for name in names]
        table.append([*cells, f"{row['seconds']:.1f}"])
    return _aligned(table)


def _with_interval(row: Row, name: str) -> str:
    low, high = row["intervals"][name]
    return f"{row[name]:.4f} [{low:.3f} {high:.3f}]"


def _losses(rows: Sequence[Row]) -> str:
    head = ["where true pairs are lost", "true pairs", *_words((*_SHARES[1:3], *_LOST))]
    table = [[*head, "as possible", "link precision", "pairs a record"]]
    for row in rows:
        cells = [str(row["set"]), f"{row['true_pairs']:,}"]
        cells += [_share(row, name) for name in (*_SHARES[1:3], *_LOST, "lost_as_possible")]
        cells.append(_share(row, "link_precision"))
        each = row.get("candidate_pairs_per_record")
        table.append([*cells, "" if each is None else f"{each:.1f}"])
    return _aligned(table)


def _peers(rows: Sequence[Row]) -> str:
    table = [["pairwise F1", "engine", "precision", "recall", "F1", "source"]]
    for row in rows:
        peers = [peer for peer in PEERS if peer.set == row["set"]]
        if peers:
            ours = (_share(row, f"pairwise_{name}") for name in ("precision", "recall", "f1"))
            table.append([str(row["set"]), "this project", *ours, "this run"])
        for peer in peers:
            known = [
                "" if value is None else f"{value:.4f}" for value in (peer.precision, peer.recall)
            ]
            table.append(["", peer.name, *known, f"{peer.f1:.4f}", peer.origin])
    return _aligned(table) if len(table) > 1 else ""


def _group(row: Row, key: str, title: str) -> str:
    table = [[f"{row['set']} by {title}", "true pairs", *_words((*_SHARES, *_LOST))]]
    groups = sorted(row[key].items(), key=lambda item: -item[1]["true_pairs"])
    for name, found in groups:
        cells = [_share(found, share) for share in (*_SHARES, *_LOST)]
        table.append([name, f"{found['true_pairs']:,}", *cells])
    return _aligned(table)


def _cases(row: Row, key: str) -> str:
    table = [[f"{row['set']} {key.replace('_', ' ')}", "cases", "precision", "recall", "F1"]]
    for name, found in row[key].items():
        cells = [_share(found, f"pairwise_{share}") for share in ("precision", "recall", "f1")]
        table.append([name, str(found["cases"]), *cells])
    return _aligned(table)


def _words(names: Iterable[str]) -> list[str]:
    return [name.replace("_", " ") for name in names]


def _share(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else f"{value:.4f}"


def _aligned(table: Sequence[Sequence[str]]) -> str:
    """Return the lines of a table, the first column left, the others as wide as they must be."""
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    )
