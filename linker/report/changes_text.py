"""What a run changes, in words: on the terminal, and where the gate says why."""

from __future__ import annotations

from typing import Final

from linker.report.run_report import EntityChanges, MeetingChanges, RunChanges
from linker.schemas import EntityType

MOST_UNITS: Final = 10
"""How many pairs of units are listed."""


def entities_text(entity: EntityType, counts: EntityChanges) -> str:
    """Return on one line what became of the entities of an entity type."""
    return (
        f"{entity} entities: {counts.unchanged:,} unchanged, {counts.merged:,} merged, "
        f"{counts.split:,} split, {counts.changed:,} changed otherwise, {counts.created:,} "
        f"created, {counts.retired:,} retired"
    )


def meetings_text(counts: MeetingChanges) -> str:
    """Return on one line how many pairs of investigations newly meet, and how many part."""
    return f"pairs of investigations: {counts.meet:,} newly met, {counts.part:,} parted"


def changes_lines(changes: RunChanges) -> list[str]:
    """Return what is printed of the changes, a line each."""
    lines = ["what this run changes:"]
    lines += [
        f"  {entities_text(entity, counts)}; records moved: {counts.moved:,}"
        for entity, counts in changes.entities.items()
    ]
    found = changes.investigations
    if found is None:
        return lines
    lines.append(f"  {meetings_text(found)}")
    lines += [
        f"    {row.unit}, {row.other_unit}: {row.meet:,} newly met, {row.part:,} parted"
        for row in found.units[:MOST_UNITS]
    ]
    if found.units[MOST_UNITS:]:
        lines.append(f"    and {len(found.units) - MOST_UNITS:,} more pairs of units")
    return lines
