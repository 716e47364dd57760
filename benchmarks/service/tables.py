"""What the benchmark prints for people."""

from __future__ import annotations

from typing import Any, Final

_HEAD: Final = (
    f"{'step ms':>8} {'clients':>8} {'requests/s':>11} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>9} "
    f"{'failed':>7} {'clients’ cpu':>13} {'server’s cpu':>13}"
)


def text_of(found: dict[str, Any]) -> str:
    """Return the table of a measurement."""
    rows = found["rows"]
    lines = [
        f"{found['records']:,} mentions, {found['workers']} workers, {found['questions']:,} drawn",
        "in the middle of each row another generation was published",
        _HEAD,
        *(_row(row) for row in rows),
    ]
    busiest = max(row["client_busy"] for row in rows)
    lines.append(
        f"the clients took at most {busiest:.0%} of one processor"
        + (": they are not what holds it back" if busiest < 0.5 else ": they may hold it back")
    )
    both = all(len(row["generations"]) > 1 for row in rows)
    lines.append(
        "answers of both generations came in every row"
        if both
        else "NOT every row had answers of both generations: measure for longer"
    )
    return "\n".join(lines)


def _row(row: dict[str, Any]) -> str:
    return (
        f"{row['answer_milliseconds']:>8} {row['clients']:>8} {row['requests_per_second']:>11,.1f} "
        f"{row['p50_ms']:>8.1f} {row['p99_ms']:>8.1f} {row['max_ms']:>9.1f} {row['failed']:>7,} "
        f"{row['client_busy']:>13.0%} {row['server_busy']:>13.0%}"
    )
