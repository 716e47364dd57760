"""What an explanation prints for a person: why a record matches or not, what would change it."""

from __future__ import annotations

from typing import Any


def explanation_text(told: dict[str, Any]) -> str:
    """Return why a record does or does not match a question.

    Args:
        told: What `linker.lookup.desk.Desk.explain` returns.
    """
    needed = told["needed"]
    head = (
        f"{told['verdict']}: record {told['source']}/{told['record_id']}, match weight "
        f"{told['match_weight']:.1f}, probability {told['match_probability']:.6f}"
    )
    wanted = (
        f"   needed: {needed['review']:.1f} to be possible, {needed['link']:.1f} to be probable, "
        f"and then {needed['identity']:.1f} that say who it is: here {told['identity_weight']:.1f}"
    )
    lines = [
        head,
        wanted,
        f"   {_found_by(told['rules_met'])}",
        "   evidence:",
        _weight("prior", told["prior_weight"], "before any evidence"),
    ]
    lines += [
        _weight(one["side"], one["weight"], one["words"])
        for one in told["evidence"]
        if one["side"] != "absent"
    ]
    absent = [one["comparison"] for one in told["evidence"] if one["side"] == "absent"]
    if absent:
        lines.append(f"     {'absent':<8} {'':>6}  {_listed(absent)}")
    lines.append(f"   {told['summary']}")
    if told["would_change"]:
        lines.append("   would change the verdict:")
        lines += [f"     {change['words']}" for change in told["would_change"]]
    else:
        lines.append("   no other finding of a single comparison would change the verdict")
    lines += ["", f"generation {told['generation']}, model {told['model']}"]
    return "\n".join(lines)


def _found_by(rules: list[str]) -> str:
    if rules:
        return f"a lookup comes upon it by: {_listed(rules)}"
    return "no lookup comes upon it: what was asked has no blocking key in common with it"


def _weight(side: str, weight: float, words: str) -> str:
    return f"     {side:<8} {weight:>+6.1f}  {words}"


def _listed(names: list[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
