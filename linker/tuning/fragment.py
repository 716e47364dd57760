"""Chosen rules as a piece of a configuration file, with the table that justifies them."""

from __future__ import annotations

import json

from linker.config import BlockingRule
from linker.schemas import EntityType
from linker.tuning.tune import RuleMeasure, Tuned

_HEADS = ("pairs", "matches", "links", "only", "seconds")


def fragment(tuned: Tuned, entity_type: EntityType, origin: str, settings: str) -> str:
    """Return ``[[<entity type>.blocking]]`` tables that take the place of all rules there were.

    The rules depend on data, model, settings and seed alone; the seconds of the comment are
    measured.

    Args:
        tuned: What tuning found out.
        entity_type: Whose rules.
        origin: Which records, in words.
        settings: The budget, the model and the seed, in words.
    """
    chosen = [one for one in tuned.measures if one.chosen]
    lines = [f"# Blocking rules of {entity_type}, chosen by linker tune-blocking.", f"# {settings}"]
    lines += [f"# {origin}; {tuned.sampled:,} of them sampled.", *_recall(tuned), *_table(chosen)]
    if tuned.after.own_pairs > tuned.link_budget:
        lines.append(f"# These need a higher max_pairs_per_record in [{entity_type}].")
    for one in chosen:
        lines += ["", *_rule(one.rule, entity_type)]
    return "\n".join([*lines, ""])


def _recall(tuned: Tuned) -> list[str]:
    pairs, low, high = tuned.after.pairs
    lines = [f"# About {pairs:,.0f} candidate pairs ({low:,.0f} to {high:,.0f})."]
    if tuned.after.recall:
        told = tuned.after.recall[0]
        how = "by the truth given" if tuned.by_truth else "by capture and recapture"
        lines.append(
            f"# They find {told.value:.2%} of all matches "
            f"({told.low:.2%} to {told.high:.2%}), {how}."
        )
    return lines


def _table(chosen: list[RuleMeasure]) -> list[str]:
    """Return the table, as a comment: what each rule makes, finds, and alone finds."""
    width = max([len(one.rule.name) for one in chosen], default=4)
    heads = " ".join(f"{head:>12}" for head in _HEADS)
    lines = [
        "#",
        "# only: matches that no other of these rules finds; seconds: of scoring its own pairs",
        f"# {'rule':<{width}} {heads}",
    ]
    for one in chosen:
        counts = " ".join(
            f"{round(count):>12,}" for count in (one.pairs, one.matches, one.links, one.only)
        )
        lines.append(f"# {one.rule.name:<{width}} {counts} {one.seconds:>12.2f}")
    return lines


def _rule(rule: BlockingRule, entity_type: EntityType) -> list[str]:
    lines = [
        f"[[{entity_type}.blocking]]",
        f'name = "{rule.name}"',
        f"key = {json.dumps(rule.key)}",
    ]
    for name in ("max_pairs", "max_records_per_key"):
        value = getattr(rule, name)
        if value is not None:
            lines.append(f"{name} = {value}")
    if rule.refine:
        lines.append(f"refine = {json.dumps(rule.refine)}")
    return lines
