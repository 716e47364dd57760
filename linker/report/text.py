"""What commands print for a person: a run, a rehearsal, an answer, the state of a store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from linker.report.changes_text import changes_lines
from linker.report.run_report import RunChanges


def run_text(report: dict[str, Any], page: Path) -> str:
    """Return the summary of a link run.

    Args:
        report: The values of report.json.
        page: Where the report page lies.
    """
    held_back = report.get("held_back", ())
    state = "built and not published" if held_back else "published"
    if not report.get("news", True):
        state = "stays published: nothing changed"
    lines = [f"generation {report['generation']} {state}, as of {report['as_of']}"]
    lines += [f"  held back: {reason}" for reason in held_back]
    lines += _sources(report["sources"])
    for entity, counts in report["entity_types"].items():
        lines.append(
            f"{entity}: {counts['mentions']:,} mentions, {counts['candidate_pairs']:,} candidate "
            f"pairs, {counts['links']:,} links, {counts['possible_links']:,} possible links, "
            f"{counts['entities']:,} entities"
        )
    investigations = report["investigations"]
    lines.append(f"investigations: {investigations['total']:,}")
    lines += [
        f"  {row['class']:<20} {row['tier'] or '':<10} {row['rows']:>10,}"
        for row in investigations["classes"]
    ]
    lines += [
        f"{row['entity_type']}: {row['identifier'].replace('_', ' ')}: {row['values']:,} values "
        f"that {row['records']:,} records of unlike names hold were left out of linking"
        for row in report.get("demoted", ())
    ]
    if report.get("changes"):
        lines += changes_lines(RunChanges.model_validate(report["changes"]))
    stages = ", ".join(f"{row['stage']} {row['seconds']:.1f}" for row in report["stages"])
    lines.append(f"seconds: {report['seconds']:.1f} ({stages})")
    lines.append(f"report: {page}")
    lines += [f"warning: {warning}" for warning in report["warnings"]]  # last: what is read first
    return "\n".join(lines)


def rehearsal_text(counted: dict[str, Any]) -> str:
    """Return what a dry run counted."""
    lines = _sources(counted["sources"])
    for entity, rules in counted["rules"].items():
        lines.append(f"{entity}: candidate pairs by blocking rule")
        lines += [f"  {rule['rule']:<34} {rule['pairs']:>14,}" for rule in rules if rule["pairs"]]
    lines.append("dry run: nothing was written")
    return "\n".join(lines)


def pointed_text(done: dict[str, Any]) -> str:
    """Return what publishing by hand, or rolling back, did.

    Args:
        done: The values of `linker.jobs.pointing.Pointed`.
    """
    would = "would be published" if done["dry_run"] else "is published now"
    instead = f", instead of generation {done['instead_of']}" if done["instead_of"] else ""
    lines = [f"generation {done['generation']} {would}{instead}"]
    lines += [f"  held back: {reason}" for reason in done["reasons"]]
    if done["dry_run"]:
        lines.append("dry run: nothing was changed")
    else:
        lines.append(f"journal: {done['at']}, {done['who']}: {done['why']}")
    return "\n".join(lines)


def forgotten_text(done: dict[str, Any]) -> str:
    """Return what forgetting did, in counts.

    Args:
        done: The values of `linker.jobs.forget.Forgotten`.
    """
    would = "would be forgotten" if done["dry_run"] else "are forgotten"
    lines = [f"{done['records']:,} records {would}, {done['known']:,} of them already were"]
    gone = ", ".join(f"{count:,} {what}" for what, count in done["gone"].items())
    lines.append(f"the published generation had of them: {gone}")
    lines += [
        f"  generation {number} has mentions of {count:,}" for number, count in done["held"].items()
    ]
    if done["dry_run"]:
        return "\n".join([*lines, "dry run: nothing was changed"])
    lines.append(f"published: generation {done['generation']}")
    if not done["verified"]:
        return "\n".join(lines)
    lines.append(
        f"searched for the records and {done['values']:,} values that no other record has: "
        + (f"found in {len(done['traces_left']):,} files:" if done["traces_left"] else "no trace")
    )
    lines += [f"  {path}" for path in done["traces_left"]]
    if done["listed_for_deletion"]:
        numbers = ", ".join(map(str, done["listed_for_deletion"]))
        lines.append(f"generations with traces, listed for deletion (--delete-old): {numbers}")
    if done["deleted"]:
        lines.append(f"generations deleted: {', '.join(map(str, done['deleted']))}")
    return "\n".join(lines)


def _sources(sources: list[dict[str, Any]]) -> list[str]:
    return [
        f"{row['name']}: {row['rows']:,} rows = "
        f"{row['new'] + row['changed'] + row['unchanged']:,} mentions + "
        f"{row['quarantined']:,} quarantined + {row['outside']:,} outside"
        + "".join(
            f" + {row[name]:,} {name}"
            for name in ("superseded", "deletions", "forgotten")
            if row[name]
        )
        + f"; {row['values_set_aside']:,} values set aside"
        for row in sources
    ]


def status_text(values: dict[str, Any]) -> str:
    """Return the state of a store."""
    lines = [f"store: {values['store']}"]
    if values["current"] is None:
        lines.append("nothing has been published yet")
    else:
        lines.append(f"published: generation {values['current']}, {values['age_hours']:.1f} h old")
    for generation in values["generations"]:
        mark = "*" if generation["published"] else " "
        models = ", ".join(generation["models"].values())
        lines.append(
            f"{mark} {generation['number']}: {generation['state']}, {generation['at']}, as of "
            f"{generation['as_of']}, models {models}"
        )
        lines += [f"    held back: {reason}" for reason in generation["held_back"]]
        for entity, counts in generation["counts"].items():
            lines.append(
                f"    {entity}: {counts['mentions']:,} mentions, {counts['links']:,} links, "
                f"{counts['entities']:,} entities"
            )
    return "\n".join(lines)
