"""What commands print for a person: a run, a rehearsal, an answer, the state of a store."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from linker.report.changes_text import changes_lines
from linker.report.run_report import RunChanges

_MOST_INVESTIGATIONS: Final = 25


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


def answer_text(answer: dict[str, Any]) -> str:
    """Return a lookup's answer.

    Args:
        answer: The values of `linker.jobs.lookup.Answer`.
    """
    lines = []
    hits = answer["hits"]
    if not hits and not answer["shared"]:
        lines.append(
            f"NO_HIT: no matching record in these sources as of {answer['as_of']}; "
            "that does not mean clear"
        )
    for rank, hit in enumerate(hits, start=1):
        lines += _hit(rank, hit)
    for holder in answer["shared"]:
        lines += _sharing(holder)
    unlisted = answer["sharing_entities"] - len(answer["shared"])
    if unlisted:
        lines.append(f"and {unlisted:,} more entities hold such an identifier")
    lines.append("")
    lines.append(
        f"searched: generation {answer['generation']} published {answer['published']}, "
        f"model {answer['model']}, {answer['mentions']:,} {answer['entity_type']} mentions, "
        f"{answer['candidates']:,} candidates scored"
    )
    if answer["entities_of"] != answer["generation"]:
        then = answer["entities_of"]
        lines.append(f"  entities as they were in generation {then}; records as they are now")
    lines += [
        f"  {source['name']} ({source['kind']}): {source['mentions']:,} mentions as of "
        f"{source['as_of']}"
        for source in answer["sources"]
    ]
    tried = ", ".join(answer["rules_tried"]) or "none, only identifiers in common"
    lines.append(f"  keys tried: {tried}")
    return "\n".join(lines)


def _sharing(holder: dict[str, Any]) -> list[str]:
    involved = holder["investigations"]
    names = ", ".join(name.replace("_", " ") for name in holder["matched_on"])
    head = (
        f"SHARED_IDENTIFIER: entity {holder['entity_id']}, {holder['records']:,} records: "
        f"{names} in common; identity is not asserted"
    )
    lines = [head]
    lines += ["   " + _investigation(row) for row in involved[:_MOST_INVESTIGATIONS]]
    if not involved:
        lines.append("   no investigation, arrest or report on record")
    return lines


def _hit(rank: int, hit: dict[str, Any]) -> list[str]:
    involved = hit["investigations"]
    head = (
        f"{rank}. {hit['tier']}: entity {hit['entity_id']}, {hit['records']:,} records, match "
        f"weight {hit['match_weight']:.1f}, probability {hit['match_probability']:.6f}"
    )
    lines = [head, *("   " + _investigation(row) for row in involved[:_MOST_INVESTIGATIONS])]
    if len(involved) > _MOST_INVESTIGATIONS:
        lines.append(f"   and {len(involved) - _MOST_INVESTIGATIONS:,} more (see --json)")
    if not involved:
        lines.append("   no investigation, arrest or report on record")
    record = f" (record {hit['best_source']}/{hit['best_record_id']})" if hit["best_source"] else ""
    lines.append(f"   evidence{record}:")
    lines.append(f"     {'prior':<8} {hit['prior_weight']:>+6.1f}  before any evidence")
    for evidence in hit["evidence"]:
        weight = "" if evidence["side"] == "absent" else f"{evidence['weight']:+.1f}"
        name = evidence["comparison"].replace("_", " ")
        lines.append(f"     {evidence['side']:<8} {weight:>6}  {name}: {evidence['level']}")
    return lines


def _investigation(row: dict[str, Any]) -> str:
    unit = " / ".join(str(row[key]) for key in ("agency", "unit") if row.get(key))
    parts = [f"{row['class']:<14} {unit or 'unit not recorded'}"]
    if row.get("case_id"):
        parts.append(f"case {row['case_id']}")
    if row.get("status"):
        parts.append(str(row["status"]))
    if row.get("opened"):
        parts.append(f"opened {row['opened']}")
    if row.get("closed"):
        parts.append(f"closed {row['closed']}")
    if row["class"] == "PRIOR_CONTACT" and row.get("other_kind"):
        parts.append(str(row["other_kind"]))
    contact = ", ".join(
        str(row[key]) for key in ("contact_name", "contact_phone", "contact_email") if row.get(key)
    )
    if contact:
        parts.append(f"contact: {contact}")
    return "; ".join(parts)


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
