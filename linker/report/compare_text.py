"""What is printed of two models compared: pairs, entities, examples, figures."""

from __future__ import annotations

from typing import Any, Final

from linker.report.models_text import FIGURE_WORDS, figure_text

_LEAST_SHOWN: Final = 6
"""Comparisons beyond these, of an example, change too little to be read."""
_KINDS: Final = ("unchanged", "merged", "split", "rearranged")


def compare_text(found: dict[str, Any]) -> str:
    """Return what changes from one model to another.

    Args:
        found: The values of `linker.jobs.compare.compare`.
    """
    both = f"from {found['before']} to {found['after']}"
    lines = [f"{found['entity_type']}: {both}, on {found['data']['origin']}"]
    for when in ("before", "after"):
        used = found["thresholds"][when]
        lines.append(
            f"  {found[when]}: a link from probability {used['link']:.6g} on with "
            f"{used['identity_floor']:.1f} bits of identity, a possible link from "
            f"{used['review']:.6g} on"
        )
    lines += [f"note: {note}" for note in found["notes"]]
    lines += _classes(found["pairs"]["classes"])
    lines += _weights(found["pairs"]["weights"])
    lines += _entities(found["entities"])
    for example in found["examples"]:
        lines += _example(example)
    lines += _metrics(found["metrics"])
    if found["out"]:
        lines.append(f"the pairs whose class changes are in {found['out']}")
    return "\n".join(lines)


def _classes(classes: dict[str, dict[str, int]]) -> list[str]:
    names = list(classes)
    became = sum(row["link"] for name, row in classes.items() if name != "link")
    ceased = sum(count for name, count in classes["link"].items() if name != "link")
    header = "".join(f"{'after: ' + name if name == names[0] else name:>16}" for name in names)
    return [
        f"pairs: {became:,} become links, {ceased:,} are links no more",
        f"  {'before':<16}{header}",
        *(
            f"  {before:<16}" + "".join(f"{row[after]:>16,}" for after in names)
            for before, row in classes.items()
        ),
        "  (non-links of both models are not counted)",
    ]


def _weights(weights: list[dict[str, Any]]) -> list[str]:
    lines = ["match weight, bits more than before:"]
    for row in weights:
        if not row["pairs"]:
            continue
        low, high = row["low"], row["high"]
        if low is None:
            step = f"below {high:+g}"
        elif high is None:
            step = f"{low:+g} and more"
        else:
            step = f"{low:+g} to {high:+g}"
        lines.append(f"  {step:<16}{row['pairs']:>16,}")
    return lines


def _entities(entities: dict[str, Any]) -> list[str]:
    groups = entities["groups"]
    header = "".join(f"{name:>12}" for name in ("before", *_KINDS, "after"))
    what = (
        f"{groups['merged']:,} are put together of several, {groups['split']:,} come apart, "
        f"{groups['rearranged']:,} groups are put together anew"
    )
    return [
        f"entities: {entities['before']:,} before, {entities['after']:,} after; {what}",
        f"  {'records':<12}{header}",
        *(
            f"  {row['size']:<12}"
            + "".join(f"{row[name]:>12,}" for name in ("before", *_KINDS, "after"))
            for row in entities["sizes"]
            if row["before"] or row["after"]
        ),
    ]


def _example(example: dict[str, Any]) -> list[str]:
    names = [
        f"{side['source']}:{side['record_id']}" if "record_id" in side else str(side["source"])
        for side in example["records"]
    ]
    was, now = (
        f"{example[f'class_{when}']} at {example[f'weight_{when}']:+.1f} bits "
        f"({example[f'identity_{when}']:+.1f} of identity)"
        for when in ("before", "after")
    )
    lines = [f"{' and '.join(names)}: {example['change']}, from {was} to {now}"]
    if any("values" in field for field in example["fields"]):
        lines += [
            f"  {_words(field['field']):<20} {field['state']:<14} "
            + " | ".join(value if value is not None else "-" for value in field["values"])
            for field in example["fields"]
        ]
    else:
        for state in ("equal", "different", "missing in one"):
            fields = [_words(it["field"]) for it in example["fields"] if it["state"] == state]
            lines += [f"  {state}: {', '.join(fields)}"] if fields else []
    lines += [
        f"  {row['comparison']}: {_level(row, 'before')} -> {_level(row, 'after')}"
        for row in example["comparisons"][:_LEAST_SHOWN]
    ]
    return lines


def _words(name: str) -> str:
    return name.replace("_", " ")


def _level(row: dict[str, Any], when: str) -> str:
    level = row[f"level_{when}"]
    if level is None:
        return "not compared"
    return f"{level} {row[f'weight_{when}']:+.1f}"


def _metrics(metrics: dict[str, Any] | None) -> list[str]:
    if metrics is None:
        return ["neither model was judged; run linker evaluate, or give --truth FILE"]
    truths = metrics["truth"] if isinstance(metrics["truth"], list) else [metrics["truth"]]
    by = " and ".join(str(truth["name"]) for truth in truths)
    lines = [f"judged {'now' if metrics['judged'] == 'now' else 'earlier'} by {by}:"]
    lines += [f"  note: {note}" for note in metrics["notes"]]
    difference = metrics["difference"] or {}
    for name, word in FIGURE_WORDS.items():
        both = [(metrics[when] or {}).get(name) for when in ("before", "after")]
        if not any(both):
            continue
        told = " -> ".join(figure_text(figure) if figure else "not judged" for figure in both)
        more = ""
        if difference.get(name):
            value, low, high = difference[name]
            more = f"; difference {value:+.4f} ({low:+.4f} to {high:+.4f})"
        lines.append(f"  {word:<18} {told}{more}")
    return lines
