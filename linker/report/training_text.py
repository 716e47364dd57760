"""What `linker train` prints for a person."""

from __future__ import annotations

from typing import Any


def trained_text(trained: dict[str, Any]) -> str:
    """Return what came of a training.

    Args:
        trained: The values of `linker.jobs.train.Trained`.
    """
    entity, version = trained["entity_type"], trained["version"]
    page = trained["directory"] / "report.html"
    told = (
        f"trained {entity}/{version} on {trained['origin']} in {trained['seconds']:.1f} s, "
        f"by {len(trained['sessions'])} sessions and {trained['labels']:,} labelled pairs"
    )
    lines = [told]
    notes = len(trained["notes"])  # they were said on the way
    lines.append(f"{notes:,} {'note' if notes == 1 else 'notes'}, charts, sessions: {page}")
    lines.append(
        f"to judge it: linker evaluate --entity {entity} --model {trained['directory']}; "
        f"to use it: linker promote {trained['directory']} --entity {entity}"
    )
    return "\n".join(lines)


def training_rehearsal_text(rehearsed: dict[str, Any]) -> str:
    """Return what a model would be trained on.

    Args:
        rehearsed: The values of `linker.jobs.train.Rehearsed`.
    """
    labels = rehearsed["labels"]
    lines = [
        f"{rehearsed['entity_type']} would be trained on {rehearsed['origin']}",
        f"{labels['matches']:,} labelled matches, {labels['non_matches']:,} labelled non-matches",
        f"comparisons: {', '.join(rehearsed['comparisons']) or 'none'}",
        f"{'session on':<34} {'pairs':>14}",
    ]
    for session in rehearsed["sessions"]:
        name = " and ".join(session["columns"])
        kind = "" if session["kind"] == "configured" else f", {session['kind']}"
        enough = "" if session["enough"] else ", too few"
        lines.append(f"  {name:<32} {session['pairs']:>14,}{kind}{enough}")
    lines += [f"note: {note}" for note in rehearsed["notes"]]
    lines.append("dry run: nothing was written")
    return "\n".join(lines)
