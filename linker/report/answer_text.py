"""What a lookup prints for a person: who was found and why, or what a no is worth."""

from __future__ import annotations

from typing import Any, Final

_MOST_INVESTIGATIONS: Final = 25
_MOST_HITS: Final = 10
"""So many hits are printed whole; the others on a line each."""


def answer_text(answer: dict[str, Any]) -> str:
    """Return a lookup's answer.

    Args:
        answer: The values of `linker.lookup.answer.Answer`.
    """
    lines = []
    hits = answer["hits"]
    if not hits and not answer["shared"]:
        lines.append(
            f"NO_HIT: no matching record in these sources as of {answer['as_of']}; "
            "that does not mean clear"
        )
    for rank, hit in enumerate(hits, start=1):
        lines += _hit(rank, hit, whole=rank <= _MOST_HITS)
    for holder in answer["shared"]:
        lines += _sharing(holder)
    unlisted = answer["matching_entities"] - len(hits)
    if unlisted:
        lines.append(f"and {unlisted:,} more entities match")
    unlisted = answer["sharing_entities"] - len(answer["shared"])
    if unlisted:
        lines.append(f"and {unlisted:,} more entities hold such an identifier")
    lines += _of_a_no(answer)
    return "\n".join([*lines, "", *_searched(answer)])


def _of_a_no(answer: dict[str, Any]) -> list[str]:
    """Return what a lookup without a hit is worth, and what would make it better."""
    lines = []
    miss, missed = answer["nearest_miss"], answer["missed"]
    if miss:
        lines.append(
            f"nearest miss: match weight {miss['match_weight']:.0f}, {miss['needed']:g} needed; "
            f"agreed: {_listed(miss['agreed'])}; differed: {_listed(miss['differed'])}"
        )
    if missed:
        lines.append(
            "chance that a record of the target is there and was missed: "
            f"{missed['probability']:.1%} ({missed['basis']})"
        )
    if answer["advice"]:
        lines.append(f"would help most: {_listed(answer['advice'])}")
    return lines


def _searched(answer: dict[str, Any]) -> list[str]:
    head = (
        f"searched: generation {answer['generation']} published {answer['published']}, "
        f"model {answer['model']}, {answer['mentions']:,} {answer['entity_type']} mentions, "
        f"{answer['candidates']:,} candidates scored"
    )
    lines = [head]
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
    return [*lines, *(f"  not searched: {said}" for said in answer["not_searched"])]


def _listed(names: list[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names) or "nothing"


def _sharing(holder: dict[str, Any]) -> list[str]:
    involved = holder["investigations"]
    head = (
        f"SHARED_IDENTIFIER: entity {holder['entity_id']}, {holder['records']:,} records: "
        f"{_listed(holder['matched_on'])} in common; identity is not asserted"
    )
    lines = [head]
    lines += ["   " + _investigation(row) for row in involved[:_MOST_INVESTIGATIONS]]
    if not involved:
        lines.append("   no investigation, arrest or report on record")
    return lines


def _hit(rank: int, hit: dict[str, Any], *, whole: bool) -> list[str]:
    involved = hit["investigations"]
    head = (
        f"{rank}. {hit['tier']}: entity {hit['entity_id']}, {hit['records']:,} records, match "
        f"weight {hit['match_weight']:.1f}, probability {hit['match_probability']:.6f}"
    )
    if not whole:
        return [f"{head}; {len(involved):,} investigations and contacts (see --json)"]
    lines = [head, *("   " + _investigation(row) for row in involved[:_MOST_INVESTIGATIONS])]
    if len(involved) > _MOST_INVESTIGATIONS:
        lines.append(f"   and {len(involved) - _MOST_INVESTIGATIONS:,} more (see --json)")
    if not involved:
        lines.append("   no investigation, arrest or report on record")
    record = f" (record {hit['best_source']}/{hit['best_record_id']})" if hit["best_source"] else ""
    lines.append(f"   evidence{record}:")
    lines.append(f"     {'prior':<8} {hit['prior_weight']:>+6.1f}  before any evidence")
    lines += [
        f"     {evidence['side']:<8} {evidence['weight']:>+6.1f}  {evidence['words']}"
        for evidence in hit["evidence"]
        if evidence["side"] != "absent"
    ]
    absent = [one["comparison"] for one in hit["evidence"] if one["side"] == "absent"]
    if absent:
        lines.append(f"     {'absent':<8} {'':>6}  {_listed(absent)}")
    lines.append(f"   {hit['summary']}")
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
