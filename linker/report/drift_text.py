"""What is printed of drift."""

from __future__ import annotations

from typing import Any, Final

_HEADING: Final = (
    "  trend  generation  date            records  links/record  largest fill change  "
    "level index  weight index  beyond limits"
)


def drift_text(found: dict[str, Any], *, everything: bool = False) -> str:
    """Return how far what is linked moved, and whether retraining is due.

    Args:
        found: The values of `linker.jobs.drift.drift`.
        everything: Whether what is as before is listed too.
    """
    lines = []
    for entity, told in found["entity_types"].items():
        lines.append(
            f"{entity}: generation {found['generation']} of {found['at'][:10]}, "
            f"{told['records']:,} records, {told['links']:,} links, "
            f"against {told['against']}"
        )
        lines += [f"  note: {note}" for note in told["notes"]]
        lines += _measures(told["lines"], everything=everything)
        lines += _trend(told["trend"])
        lines.append(_verdict(entity, told))
    return "\n".join(lines)


def _measures(measures: list[dict[str, Any]], *, everything: bool) -> list[str]:
    shown = [line for line in measures if everything or line["state"] != "as before"]
    lines = [f"  {line['state']:<9}  {line['text']}" for line in shown]
    rest = len(measures) - len(shown)
    if rest:
        lines.append(f"  as before  {rest} measures (--all lists them)")
    return lines


def _trend(rows: list[dict[str, Any]]) -> list[str]:
    """Return a table of the generations on disk; of one alone there is no trend."""
    if len(rows) < 2:  # noqa: PLR2004
        return []
    lines = [_HEADING]
    for row in rows:
        fill = "-" if row["fill_change"] is None else f"{100 * row['fill_change']:.1f} points"
        levels, weights = (
            "-" if row[name] is None else f"{row[name]:.3f}"
            for name in ("level_shift", "weight_shift")
        )
        lines.append(
            f"         {row['generation']:>10}  {row['at'][:10]}  {row['records']:>11,}"
            f"  {row['links_per_record']:>12.3f}  {fill:>19}  {levels:>11}  {weights:>12}"
            f"  {row['beyond_limits']:>13}"
        )
    return lines


def _verdict(entity: str, told: dict[str, Any]) -> str:
    if told["due"]:
        count = len(told["reasons"])
        what = "one measure is" if count == 1 else f"{count} measures are"
        return (
            f"{entity}: retraining is due: {what} beyond limit and chance; run linker train "
            f"--entity {entity}, then compare the new model before it is promoted"
        )
    noticed = sum(line["state"] == "noticed" for line in told["lines"])
    also = f"; what changed is noticed above, {noticed} in all" if noticed else ""
    return f"{entity}: retraining is not due{also}"
