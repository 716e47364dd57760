"""What tune-blocking prints for a person: the rules before and after, and a table of rules."""

from __future__ import annotations

from typing import Any, Final

MOST_OTHERS: Final = 10
"""How many rules that were not chosen are shown."""
_METHODS: Final = {
    "truth": "by the truth given",
    "strata": "by capture and recapture: strata of what both records have",
    "chao": "Chao's lower bound, no strata",
    "lincoln_petersen": "Lincoln and Petersen, no strata",
    "sample_coverage": "sample coverage, no strata",
    "log_linear": "log-linear, no strata",
}


def tuning_text(done: dict[str, Any]) -> str:
    """Return what tuning found out.

    Args:
        done: The values of `linker.jobs.tune_blocking.TunedBlocking.to_json`.
    """
    sample = (
        f"sample: {done['sampled']:,} records, their {done['listed_pairs']:,} pairs under "
        f"{len(done['rules']):,} rules, {done['sampled_matches']:,} matches "
        f"(from {done['matches_from']}); scoring a pair takes "
        f"{done['nanoseconds_per_pair']:,.0f} ns"
    )
    lines = [
        f"{done['entity_type']}: {done['records']}; model {done['model']}",
        sample,
        f"budget: {done['max_pairs']:,} candidate pairs",
        "",
        *_sets(done),
        "",
        *_recall(done),
        "",
        *_rules(done["rules"]),
    ]
    if done["matches_from"] == "linking":
        lines.append(
            f"matches are those that the model can tell; {done['doubtful']:.1%} more are expected "
            "among pairs that it thinks rather none"
        )
        if done["model_ships"]:
            lines.append(
                "warning: the model was trained on invented records; train one on these first "
                "(linker train), for what a model cannot tell is not counted as missed"
            )
    lines += [
        f"warning: the configured rule {name!r} makes more pairs than the budget by "
        "itself; it is not counted above"
        for name in done["over_budget"]
    ]
    return "\n".join(lines)


def _sets(done: dict[str, Any]) -> list[str]:
    heads = ("rules", "pairs", "from", "to", "own pairs", "matches", "links", "seconds")
    lines = [f"{'':<12}" + "".join(f" {head:>12}" for head in heads)]
    for name in ("configured", "chosen", "every"):
        one = done[name]
        counts = (
            one["rules"],
            *one["pairs"],
            one["own_pairs"],
            round(one["matches"]),
            round(one["links"]),
        )
        cells = "".join(f" {count:>12,}" for count in counts)
        lines.append(f"{name:<12}{cells} {one['seconds']:>12.1f}")
    lines.append("pairs: each counted once, scaled from the sample, with its 95% interval;")
    lines.append("own pairs: what each rule makes by itself, added up, as the budget of a run is")
    return lines


def _recall(done: dict[str, Any]) -> list[str]:
    """Return the shares of all matches that no rule finds."""
    told = done["chosen"]["recall"]
    if not told:
        return ["too few matches in the sample to say what is missed"]
    lines = ["matches missed, of all there are (95% interval of the sample):"]
    for method in told:
        cells = "; ".join(
            f"{name} {1 - value:.2%} ({1 - high:.2%} to {1 - low:.2%})"
            for name in ("configured", "chosen", "every")
            for value, low, high in [done[name]["recall"][method]]
        )
        lines.append(f"  {cells}: {_METHODS[method]}")
    return lines


def _rules(rules: list[dict[str, Any]]) -> list[str]:
    heads = ("pairs", "matches", "links", "only", "seconds")
    chosen = [rule for rule in rules if rule["chosen"]]
    others = [rule for rule in rules if not rule["chosen"] and rule["only"] > 0][:MOST_OTHERS]
    width = max((len(rule["name"]) for rule in [*chosen, *others]), default=4)
    lines = [f"  {'rule':<{width}}" + "".join(f" {head:>12}" for head in heads)]
    lines += [f"{'+' if not rule['given'] else ' '} {_row(rule, width)}" for rule in chosen]
    if others:
        lines += ["not chosen; only: what they would add", *(f"  {_row(o, width)}" for o in others)]
    gone = [rule["name"] for rule in rules if rule["given"] and not rule["chosen"]]
    if gone:
        lines.append(f"configured and not chosen: {', '.join(gone)}")
    lines.append("+ new; only: matches that no other chosen rule finds")
    return lines


def _row(rule: dict[str, Any], width: int) -> str:
    counts = (rule["pairs"], *(round(rule[name]) for name in ("matches", "links", "only")))
    cells = "".join(f" {count:>12,}" for count in counts)
    return f"{rule['name']:<{width}}{cells} {rule['seconds']:>12.2f}"
