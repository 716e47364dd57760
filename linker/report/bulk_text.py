"""What a bulk lookup prints for a person: how many targets were found, and where it says which."""

from __future__ import annotations

from typing import Any


def bulk_text(done: dict[str, Any]) -> str:
    """Return what became of a file of targets.

    Args:
        done: The values of `linker.jobs.lookup_file.Done`.
    """
    if done["out"] is None:
        asked = done["targets"] - done["NOT_ASKED"]
        lines = [f"{done['targets']:,} targets read, {asked:,} of them can be asked for"]
    else:
        outcomes = ("HIT", "SHARED_IDENTIFIER", "NO_HIT", "NOT_ASKED")
        counts = ", ".join(f"{done[outcome]:,} {outcome}" for outcome in outcomes)
        lines = [
            f"{done['targets']:,} targets: {counts}",
            f"{done['seconds']:.1f} s, {done['targets_per_second']:,.0f} targets a second",
            f"{done['rows']:,} rows written to {done['out']}",
        ]
    lines += [f"  not asked: {count:,}: {reason}" for reason, count in done["not_asked"].items()]
    return "\n".join(lines)
