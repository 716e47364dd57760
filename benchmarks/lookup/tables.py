"""What was measured, as text for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks.lookup.mix import KINDS

_HEAD: Final = (
    f"{'kind':<16}{'asked':>7}{'p50 ms':>8}{'p95':>8}{'p99':>8}{'max':>8}{'candidates':>12}"
    f"{'hits':>7}{'first':>8}{'found':>8}{'false':>8}"
)


def text_of(found: Mapping[str, Any]) -> str:
    """Return what was measured of one store."""
    parts = [
        f"{found['lookups']:,} questions of {found['records']:,} records",
        _HEAD,
        *(_kind(name, row) for name, row in found["kinds"].items()),
        _kind("all", dict(found) | {"asked": found["lookups"]}),
        f"of the processor's time: p50 {found['cpu_p50_ms']:.2f} ms, p99 {found['cpu_p99_ms']:.2f}",
        *(f"{kind.name}: {kind.percent} %, {kind.about}" for kind in KINDS),
        "first, found: of targets that are there, those whose entity is the first hit, any hit;",
        f"false: of others, those that had a hit ({_share(found['false_links'])} a link)",
        "",
        *_costs(found),
        *_own(found["own_values"]),
        *(_misses(found) if found.get("judged") else []),
    ]
    return "\n".join(parts)


def _kind(name: str, row: Mapping[str, Any]) -> str:
    return (
        f"{name:<16}{row['asked']:>7,}{row['p50_ms']:>8.2f}{row['p95_ms']:>8.2f}"
        f"{row['p99_ms']:>8.2f}{row['max_ms']:>8.1f}{row['candidates']:>12,.1f}{row['hits']:>7.2f}"
        f"{_share(row['first']):>8}{_share(row['recall']):>8}{_share(row['false_hits']):>8}"
    )


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _costs(found: Mapping[str, Any]) -> list[str]:
    cold = found["open_cold_seconds"]
    without = f", {cold:.2f} s where no file is in memory" if cold is not None else ""
    opened = f"{found['open_seconds']:.2f} s{without}"
    size, own = found["index_bytes"] / 1e9, found["index_own_bytes"] / 1e9
    lines = [
        f"opening the index: {opened}; the program before it: {found['import_seconds']:.2f} s",
        f"index: {found['index_files']:,} files of {size:.2f} GB, {own:.2f} for lookups alone",
    ]
    memory, second = found["memory_mb"], found["second_process_mb"]
    if memory and second:
        lines += [
            (
                f"memory in the end: {memory['rss']:,.0f} MB; {memory['index']:,.0f} are pages of "
                f"the index that processes share, {memory['anonymous']:,.0f} are of no file"
            ),
            (
                f"a second process beside it has {second['own']:,.0f} MB of its own, "
                f"{second['pss']:,.0f} with its part of what both have"
            ),
        ]
    if found["splink_seconds"] is not None:
        lines.append(
            f"Splink's predict_between for one record: {found['splink_seconds']:.2f} s, "
            f"{found['ratio_to_splink']:,.0f} times the median of a lookup, with the rules of "
            f"single keys; with all {found['splink_every_rule_seconds']:.1f} s"
        )
    return [*lines, ""]


def _own(found: Mapping[str, Any]) -> list[str]:
    lines = []
    for entity, row in found.items():
        lines.append(
            f"{entity}: of {row['asked']:,} records asked for by their own values "
            f"{row['first']:,} found their own entity first"
        )
        lines += [f"  {count:>6,} {why}" for why, count in row["others"].items()]
        lines.append(
            f"  {row['pairs']:,} weights held against the generation's pairs: they differ by "
            f"{row['max_weight_difference']:.1e} bits at most ({row['same_mention']:,} of the "
            "questions are read as the record was)"
        )
    return [*lines, ""] if lines else []


def _misses(found: Mapping[str, Any]) -> list[str]:
    lines = [
        (
            f"{'missed, by what was given':<50}{'asked':>7}{'beyond':>8}{'missed':>8}"
            f"{'evaluated':>11}{'model':>8}"
        )
    ]
    rows: Sequence[Mapping[str, Any]] = found["judged"]
    for row in rows:
        fields = ", ".join(row["fields"]).replace("_", " ")
        mark = "" if row["evaluated"] else " *"
        lines.append(
            f"{fields + mark:<50}{row['asked']:>7,}{_share(row['beyond']):>8}"
            f"{_share(row['missed']):>8}{_share(row['estimated']):>11}{_share(row['expected']):>8}"
        )
    evaluated, others, itself = (
        _share(found[f"largest_difference{name}"])
        for name in ("", "_of_others", "_without_evaluation")
    )
    return [
        *lines,
        "beyond: out of reach, for a record that says exactly this would weigh too little;",
        "evaluated: what the model's evaluation says of such questions; model: without one",
        "* not asked by the evaluation: what is said is that of fewer fields",
        "largest difference of what was said from what was missed:",
        f"  {evaluated or '-'}; {others or '-'} of fields *; {itself or '-'} without an evaluation",
    ]
