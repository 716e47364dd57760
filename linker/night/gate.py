"""The gate: is a run so unlike the last published generation that a person should look first?

Each limit of ``[gate]`` is a share; what differs by more, and by `least_change` in number, is a
reason to hold the run back. Counts are compared for each record where they grow with the records.
A run with another model is held back whatever its counts, unless ``gate.new_model`` is false.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from linker.config import GateSettings
from linker.errors import GateError, StoreError
from linker.report.changes_text import entities_text, meetings_text
from linker.report.run_report import EntityTypeReport, RunReport, SourceCount
from linker.schemas import EntityType
from linker.store.generation import Generation

GROWN: Final = 0.1
"""Where mentions of an entity type grew by more than this share, because a source is new or brings
more, pairs, links, merges and meetings rise with it: that is for `rows_gain` alone to judge."""
MOST_FIELDS: Final = 5
"""How many fields that lost their values are named of one entity type."""


ASIDE: Final = "it was asked for (--aside)"
"""Why a run is held back that a person wants to look at."""


def held_back(
    report: RunReport, before: Generation | None, limits: GateSettings, *, aside: bool = False
) -> list[str]:
    """Return why a run should not be published by itself; nothing where it may be.

    Args:
        report: What the run did.
        before: The published generation, None before the first, with which nothing is compared.
        limits: How much may differ.
        aside: Whether a person asked not to have it published.
    """
    asked = [ASIDE] if aside else []
    if before is None:
        return asked
    try:
        earlier = RunReport.model_validate(_in_words_of_today(before.report))
    except (StoreError, ValueError, KeyError, TypeError):
        which = f"the report of generation {before.number}"
        return [*asked, f"{which}, to compare with, is missing, damaged or of another version"]
    return asked + list(reasons(report, earlier, limits))


def _in_words_of_today(report: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a report, also of a version that did not count what changed."""
    unchanged = {"changed": 0, "gone": 0, "unchanged": 0, "superseded": 0, "deletions": 0}
    unchanged["deletions_unknown"] = 0
    sources = [{"new": source["mentions"], **unchanged, **source} for source in report["sources"]]
    return {**report, "sources": sources}


def refusal(number: int, why: Sequence[str], directory: Path) -> GateError:
    """Return the error that says on one line why a run is not published, and how it can be.

    Args:
        number: The generation's number.
        why: What `held_back` found.
        directory: Where the generation lies.
    """
    return GateError(told_of(number, why, directory))


def told_of(number: int, why: Sequence[str], directory: Path) -> str:
    """Return on one line why a generation is not published, and how it can be; see `refusal`."""
    more = f", and {len(why) - 1:,} more reasons" if len(why) > 1 else ""
    return (
        f"generation {number} is held back and not published: {why[0]}{more}; look at "
        f"{directory / 'report.html'}; if it is as it should be: "
        f"linker publish --force --generation {number} --why TEXT, with the same --config"
    )


def reasons(now: RunReport, before: RunReport, limits: GateSettings) -> Iterator[str]:
    """Yield a sentence for each limit that a run passed, with the numbers and the key."""
    yield from _model(now, before, limits)
    sources = {source.name: source for source in now.sources}
    for source in before.sources:
        yield from _source(source, sources.get(source.name), limits)
    for entity, counts in before.entity_types.items():
        if entity in now.entity_types:
            rising = not _grew(now, before, entity)
            yield from _entity_type(entity, now.entity_types[entity], counts, limits, rising=rising)
    entities = sum(counts.entities for counts in before.entity_types.values())
    grown = any(_grew(now, before, entity) for entity in now.entity_types)
    for event, key, limit in (
        ("merged", "merged_share", False if grown else limits.merged_share),
        ("split", "split_share", limits.split_share),
    ):
        found = now.ledger.get(event, 0)
        if _past(found, entities, limit, limits):
            yield (
                f"{found:,} entities {event}, {_percent(found, entities)} of the {entities:,} "
                f"there were ({_allowed(key, limit)})"
            )
    yield from _moved(
        ("simultaneous meetings", "", "simultaneous"),
        (_simultaneous(before), _simultaneous(now)),
        {
            "rose": False if grown else limits.simultaneous_gain,
            "fell": limits.simultaneous_lost,
        },
        limits,
    )


def _grew(now: RunReport, before: RunReport, entity: EntityType) -> bool:
    """Tell whether there are many more mentions of an entity type than there were."""
    if entity not in before.entity_types:
        return True
    mentions = now.entity_types[entity].mentions
    return mentions > (1 + GROWN) * before.entity_types[entity].mentions


def _model(now: RunReport, before: RunReport, limits: GateSettings) -> Iterator[str]:
    """Yield which models are others than they were, and what that changes."""
    others = {
        entity: (before.models[entity], model)
        for entity, model in now.models.items()
        if entity in before.models and _digest(before.models[entity]) != _digest(model)
    }
    if not others or not limits.new_model:
        return
    said = [f"the model is {model} and was {was}" for was, model in others.values()]
    if now.changes:
        entities = now.changes.entities
        said += [entities_text(entity, entities[entity]) for entity in others]
        met = now.changes.investigations
        said += [meetings_text(met)] if met else []
    yield f"{'; '.join(said)} (gate.new_model)"


def _digest(model: str) -> str:
    """Return the digest in a model's name: a version may be named anew."""
    return model.rpartition("@")[2]


def _source(before: SourceCount, now: SourceCount | None, limits: GateSettings) -> Iterator[str]:
    mentions = now.mentions if now else 0
    lost, gained = before.mentions - mentions, mentions - before.mentions
    if _past(lost, before.mentions, limits.rows_lost, limits):
        yield (
            f"{before.name}: {_percent(lost, before.mentions)} of its {before.mentions:,} mentions "
            f"are gone ({_allowed('rows_lost', limits.rows_lost)})"
        )
    if _past(gained, before.mentions, limits.rows_gain, limits):
        yield (
            f"{before.name}: its mentions rose from {before.mentions:,} to {mentions:,} "
            f"({_allowed('rows_gain', limits.rows_gain)})"
        )
    if now is None or now.rows == 0:
        return
    share = before.quarantined / max(before.rows, 1)
    more = now.quarantined - share * now.rows
    if _past(more, now.rows, limits.quarantine_gain, limits):
        yield (
            f"{before.name}: {_percent(now.quarantined, now.rows)} of its rows are in quarantine, "
            f"{100 * share:.1f}% before ({_allowed('quarantine_gain', limits.quarantine_gain)})"
        )


def _entity_type(
    entity: EntityType,
    now: EntityTypeReport,
    before: EntityTypeReport,
    limits: GateSettings,
    *,
    rising: bool,
) -> Iterator[str]:
    """Yield which limits an entity type passed; with `rising` those of what rose are looked at."""
    yield from _fields(entity, now, before, limits)
    per_record = now.mentions / max(before.mentions, 1)
    # those of the rules are of all mentions, not only of what a night changed
    pairs = [sum(rule.pairs for rule in it.rules) for it in (before, now)]
    for what, key, counts, gain, lost in (
        (
            "candidate pairs",
            "pairs",
            (pairs[0] * per_record, pairs[1]),
            limits.pairs_gain,
            limits.pairs_lost,
        ),
        (
            "links",
            "links",
            (before.links * per_record, now.links),
            limits.links_gain,
            limits.links_lost,
        ),
    ):
        named = (f"{entity}: {what}", f" for {now.mentions:,} mentions", key)
        rose = gain if rising else False
        yield from _moved(named, counts, {"rose": rose, "fell": lost}, limits)
    if not rising:
        return
    largest = [max((row.records for row in it.largest), default=0) for it in (before, now)]
    if _past(largest[1] - largest[0], largest[0], limits.largest_gain, limits):
        yield (
            f"{entity}: the largest entity grew from {largest[0]:,} records to {largest[1]:,} "
            f"({_allowed('largest_gain', limits.largest_gain)})"
        )


def _fields(
    entity: EntityType, now: EntityTypeReport, before: EntityTypeReport, limits: GateSettings
) -> Iterator[str]:
    """Yield the fields that lost values, apart from what more or fewer mentions explain."""
    mentions = min(before.mentions, now.mentions)
    losses = {}
    for field, share in before.fill.items():
        held = share * mentions
        lost = held - now.fill.get(field, 0.0) * now.mentions
        if _past(lost, held, limits.fill_lost, limits):
            losses[field] = lost / held
    worst = sorted(losses, key=lambda field: (-losses[field], field))
    for field in worst[:MOST_FIELDS]:
        yield (
            f"{entity}: {100 * losses[field]:.0f}% of the mentions that had {field} lack it "
            f"({_allowed('fill_lost', limits.fill_lost)})"
        )
    if worst[MOST_FIELDS:]:
        yield f"{entity}: {len(worst) - MOST_FIELDS:,} more fields lost values likewise"


def _moved(
    named: tuple[str, str, str],
    counts: tuple[float, float],
    allowed: dict[Literal["rose", "fell"], float],
    limits: GateSettings,
) -> Iterator[str]:
    """Yield that a count, before and now, rose or fell too much: what, for what, by which key."""
    what, of, key = named
    before, now = counts
    change = {"rose": (now - before, "gain"), "fell": (before - now, "lost")}
    for verb, limit in allowed.items():
        by, ending = change[verb]
        if _past(by, before, limit, limits):
            yield (
                f"{what} {verb} from {before:,.0f} to {now:,.0f}{of} "
                f"({_allowed(f'{key}_{ending}', limit)})"
            )


def _past(change: float, of: float, limit: float, limits: GateSettings) -> bool:
    return limit is not False and change >= limits.least_change and change > limit * of


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / max(whole, 1):.1f}%"


def _allowed(key: str, limit: float) -> str:
    return f"gate.{key} allows {100 * limit:g}%"


def _simultaneous(report: RunReport) -> int:
    return sum(row.rows for row in report.investigations.classes if row.class_ == "SIMULTANEOUS")
