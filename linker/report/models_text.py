"""What is printed of the registry: its models, and what was put in use."""

from __future__ import annotations

from typing import Any, Final

_STATES: Final = {
    "in_use": "in use",
    "ships": "ships",
    "published": "linked the published generation",
}
"""What there is to say of a model, by the key that says so."""


FIGURE_WORDS: Final = {
    "pairwise_precision": "precision",
    "pairwise_recall": "recall",
    "pairwise_f1": "F1",
    "b3_precision": "B-cubed precision",
    "b3_recall": "B-cubed recall",
    "b3_f1": "B-cubed F1",
}
"""Figures in words, in the order they are shown."""


def models_text(found: dict[str, Any]) -> str:
    """Return the models, a few lines each.

    Args:
        found: The values of `linker.jobs.list_models.list_models`.
    """
    lines = [f"registry: {found['registry']}"]
    for model in found["models"]:
        mark = "*" if model["in_use"] else " "
        states = [words for key, words in _STATES.items() if model[key]]
        name = model["name"] or f"{model['entity_type']}/{model['version']}"
        lines.append(f"{mark} {name}{': ' if states else ''}{', '.join(states)}")
        lines += [f"    {line}" for line in _model_lines(model)]
    for act in found["log"]:
        forced = " (forced)" if act["forced"] else ""
        lines.append(
            f"{act['at'][:16]} {act['config']}: {act['what']}{forced} {act['version']} instead of "
            f"{act['instead_of'] or 'one that could not be read'}, {act['who']}"
            + (f": {act['why']}" if act["why"] else "")
        )
    lines += [f"warning: {note}" for note in found["notes"]]
    return "\n".join(lines)


def _model_lines(model: dict[str, Any]) -> list[str]:
    lines = [f"damaged: {problem}" for problem in model["problems"]]
    trained = model["trained"]
    if trained:
        records = f"{trained['records']:,} records" if trained["records"] else "unknown records"
        on = trained["origin"] or records
        seed = f", seed {trained['seed']}" if trained["seed"] is not None else ""
        written = f"; its file is of {model['written']}" if model["written"] else ""
        lines.append(f"trained on {on}{seed}{written}")
    judged = model["judged"]
    if judged:
        figures = ", ".join(
            f"{word} {figure_text(judged['overall'][name])}"
            for name, word in FIGURE_WORDS.items()
            if judged["overall"].get(name)
        )
        lines.append(f"judged {judged['at'][:10]} by {judged['truth']['name']}: {figures}")
    elif trained:
        lines.append("not judged" + ("" if model["ships"] else "; run linker evaluate"))
    promoted = model["promoted"]
    if promoted:
        lines.append(f"last {promoted['what']}: {promoted['at'][:16]}, {promoted['who']}")
    return lines


def figure_text(figure: list[float]) -> str:
    """Return a figure with its interval: ``0.9431 (0.9377 to 0.9482)``."""
    value, low, high = figure
    return f"{value:.4f} ({low:.4f} to {high:.4f})"


def model_change_text(done: dict[str, Any]) -> str:
    """Return what a promotion, or rolling a model back, did.

    Args:
        done: The values of `linker.jobs.model_change.ModelChange`.
    """
    refused = done["dry_run"] and done["reasons"] and not done["forced"]
    would = "would be" if done["dry_run"] else "is"
    told = f"{done['version']} {'would be refused' if refused else would + ' the model in use'}"
    instead = f", instead of {done['instead_of']}" if done["instead_of"] else ""
    lines = [told + ("" if refused else instead)]
    judged = done["judged"]
    if judged:
        lines.append(f"judged by {judged['truth']['name']}, {judged['data']['sampled']:,} records:")
        lines += [
            f"  {FIGURE_WORDS[name]:<10} {figure_text(judged['candidate'][name])}, in use "
            f"{figure_text(judged['in_use'][name])}"
            for name in FIGURE_WORDS
            if name in judged["candidate"]
        ]
    lines += [f"  against it: {reason}" for reason in done["reasons"]]
    setting = (
        f'{done["entity_type"]}.model = "{done["setting"]}"'
        if done["setting"] is not None
        else f"{done['entity_type']}.model is taken out: the shipped model"
    )
    if done["dry_run"]:
        return "\n".join([*lines, *_notes(done), "dry run: nothing was changed"])
    why = f": {done['why']}" if done["why"] else ""
    lines += [f"{done['config']}: {setting}", f"log: {done['at']}, {done['who']}{why}"]
    return "\n".join([*lines, *_notes(done)])


def _notes(done: dict[str, Any]) -> list[str]:
    return [f"note: {note}" for note in done["notes"]]
