"""What was measured, as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def size_text(found: dict[str, Any]) -> str:
    """Return what one size took."""
    lines = [
        f"{found['records']:,} records, {found['delta']:,} of them new, changed or gone",
        (
            f"  increment     {found['increment_seconds']:>9.1f} s  "
            f"{found['increment_peak_gb']:>6.2f} GB"
        ),
        (
            f"  full run      {found['full_seconds']:>9.1f} s  {found['full_peak_gb']:>6.2f} GB  "
            f"{found['ratio_to_full']:.1f} times as long as the increment"
        ),
        f"  nothing new   {found['unchanged_seconds']:>9.1f} s",
        f"  keys, pairs and scores of people {found['step_seconds']:.2f} s",
    ]
    if found["splink_seconds"] is not None:
        calls = ", ".join(f"{name} {took:.1f} s" for name, took in found["splink_stages"].items())
        times = found["ratio_to_splink"]
        same = "the same pairs" if found["pair_sets_equal"] else "OTHER PAIRS"
        lines += [
            f"  Splink        {found['splink_seconds']:>9.1f} s  {found['splink_peak_gb']:>6.2f} GB"
            f"  {calls}" + (f"; {times:.1f} times as long as that step" if times else ""),
            (
                f"  {same}: {found['kept']:,} kept by Splink, {found['only_linker']:,} by linker "
                f"alone, {found['only_splink']:,} by Splink alone; weights differ by at most "
                f"{found['max_weight_difference']:.1e}"
            ),
        ]
    if scratch := found.get("from_scratch"):
        agrees = scratch["pair_sets_equal"] and not scratch["records_apart"]
        lines.append(
            f"  from scratch  {scratch['seconds']:>9.1f} s  "
            + ("the same pairs and entities" if agrees else "OTHER PAIRS OR ENTITIES")
            + f"; weights differ by at most {scratch['max_weight_difference']:.1e}"
        )
    return "\n".join([*lines, *_stages(found["stages"])])


def _stages(stages: dict[str, dict[str, float]]) -> list[str]:
    names = list(dict.fromkeys(name for side in stages.values() for name in side))
    lines = [f"  {'stage':<32}" + "".join(f"{side:>12}" for side in stages)]
    for name in names:
        cells = (
            f"{side[name]:>12.2f}" if name in side else f"{'':>12}" for side in stages.values()
        )
        lines.append(f"  {name:<32}" + "".join(cells))
    return lines


def sizes_text(sizes: Sequence[dict[str, Any]]) -> str:
    """Return the table of what the same delta costs by the size of what it changes."""
    heads = ("records", "delta", "increment s", "step s", "full s", "Splink s", "full/incr.")
    lines = ["".join(f"{head:>13}" for head in heads)]
    for one in sizes:
        splink = one["splink_seconds"]
        lines.append(
            f"{one['records']:>13,}{one['delta']:>13,}{one['increment_seconds']:>13.1f}"
            f"{one['step_seconds']:>13.2f}{one['full_seconds']:>13.1f}"
            + (f"{splink:>13.1f}" if splink is not None else f"{'':>13}")
            + f"{one['ratio_to_full']:>13.1f}"
        )
    least, most = sizes[0], sizes[-1]
    lines.append(
        f"{most['records'] / least['records']:.1f} times the records cost an increment "
        f"{most['increment_seconds'] / least['increment_seconds']:.1f} times the seconds"
    )
    return "\n".join(lines)
