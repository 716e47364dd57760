"""What a run prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def model_text(found: dict[str, Any]) -> str:
    """Return what is told of one model."""
    share = found["pairs"] / found["records"]
    lines = [
        (
            f"model {found['model']}: {found['records']:,} records, "
            f"{found['pairs']:,} candidate pairs ({share:.1f} a record), {found['kept']:,} kept"
        ),
        "rules: " + "; ".join(" + ".join(key) for key in found["rules"].values()),
        "",
        *_sides(found),
        f"linker compiles in {found['compile_seconds']:.1f} s where no kernel is kept, or loads it",
        (
            f"a candidate pair costs {found['ns_per_pair']['whole']:.0f} ns over the whole, "
            f"{found['ns_per_pair']['score']:.0f} ns to score"
        ),
    ]
    if "ratio" in found:
        lines += [
            (
                f"Splink takes {found['ratio']:.1f} times as long, and "
                f"{found['cpu_ratio']:.1f} times the processors' time"
            ),
            f"largest difference of weights: {found['max_weight_difference']:.3g} bits",
            "kept pairs: "
            + (
                "the same"
                if found["pair_sets_equal"]
                else f"{found['only_linker']:,} linker's alone, "
                f"{found['only_splink']:,} Splink's alone"
            ),
        ]
    lines += ["", _threads(found), "", *_comparisons(found)]
    return "\n".join(lines)


def _sides(found: dict[str, Any]) -> list[str]:
    stages = found["stages"]
    names = list(dict.fromkeys(name for side in stages.values() for name in side))
    heads = [*names, "seconds", "CPU s", "peak GB"]
    lines = [f"{'':<8}" + "".join(f"{head:>10}" for head in heads)]
    for side, took in stages.items():
        cells = [f"{took[name]:>10.2f}" if name in took else f"{'':>10}" for name in names]
        cells += [
            f"{found[f'{side}_{what}']:>10.2f}" for what in ("seconds", "cpu_seconds", "peak_gb")
        ]
        lines.append(f"{side:<8}" + "".join(cells))
    rounds = "; ".join(
        f"{side} " + ", ".join(f"{seconds:.2f}" for seconds in found[f"{side}_rounds"])
        for side in stages
    )
    return [*lines, f"the best of rounds in turn counts: {rounds}"]


def _threads(found: dict[str, Any]) -> str:
    one, two = (found["threads_by_stage"][number] for number in ("1", "2"))
    whole = sum(one.values()) / sum(two.values())
    return (
        f"two threads are {whole:.2f} times as fast as one: "
        f"key {one['key']:.2f} s to {two['key']:.2f} s, "
        f"score {one['score']:.2f} s to {two['score']:.2f} s"
    )


def _comparisons(found: dict[str, Any]) -> list[str]:
    lines = [f"{'comparison':<20}{'':<9}{'pairs in':>14}{'pairs out':>14}{'left':>7}{'ns':>8}"]
    for row in found["comparisons"]:
        out, cost = row["pairs_out"], row["ns_per_pair"]
        share = "" if out is None or not row["pairs_in"] else f"{out / row['pairs_in']:.0%}"
        lines.append(
            f"{row['comparison']:<20}{'at once' if row['at_once'] else '':<9}"
            f"{row['pairs_in']:>14,}{'' if out is None else f'{out:,}':>14}{share:>7}"
            f"{'' if cost is None else f'{cost:.1f}':>8}"
        )
    return lines


def sizes_text(sizes: Sequence[dict[str, Any]]) -> str:
    """Return the table of what a candidate pair costs at several sizes."""
    lines = [f"{'model':<8}{'records':>12}{'pairs':>14}{'a record':>10}{'ns':>8}{'score ns':>10}"]
    spread = []
    for name in [one["model"] for one in sizes[0]["models"]]:
        rows = [one for size in sizes for one in size["models"] if one["model"] == name]
        for row in rows:
            cost = row["ns_per_pair"]
            lines.append(
                f"{name:<8}{row['records']:>12,}{row['pairs']:>14,}"
                f"{row['pairs'] / row['records']:>10.1f}{cost['whole']:>8.0f}{cost['score']:>10.0f}"
            )
        costs = [row["ns_per_pair"]["whole"] for row in rows]
        spread.append(
            f"{name}: the dearest size costs {max(costs) / min(costs):.2f} times the least"
        )
    return "\n".join([*lines, *spread])
