"""What was found becomes an answer: grouped by entity, classified, disclosed, and what was not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from linker.lookup.answer import (
    MOST_HITS,
    MOST_SHARED,
    Alert,
    Answer,
    Hit,
    NearestMiss,
    Outcome,
    Shared,
    Tier,
)
from linker.lookup.candidates import MOST_SCORED, Searched
from linker.lookup.missed import missed
from linker.lookup.query import Asked
from linker.lookup.scoring import Scored, sides
from linker.lookup.shelf import Shelf
from linker.lookup.then import NOBODY, Entities
from linker.lookup.view import View
from linker.model import weight_of

MOST_ADVICE: Final = 3
"""So many fields are named that would help."""
_TIERS: Final[tuple[Tier, ...]] = ("CONFIRMED", "PROBABLE", "POSSIBLE")
"""From the surest on."""


def tell(
    shelf: Shelf, asked: Asked, found: Searched, entities: Entities, *, whole: bool = True
) -> tuple[Answer, list[Alert]]:
    """Return the answer to a question, and whom else it concerns.

    Args:
        shelf: What was asked.
        asked: The question.
        found: What it found.
        entities: Whose the mentions are.
        whole: Whether hits come with their evidence and summary; else both are empty.
    """
    near = shelf.near(found.scored)
    groups = _by_entity(found.scored, near, entities)
    listed = dict(list(groups.items())[:MOST_HITS])
    hits = [_hit(shelf, found, entities, each, whole=whole) for each in listed.items()]
    shared, sharing_entities = _shared(found.met.view, found.met.holders, entities, set(groups))
    outcome: Outcome = "HIT" if hits else "SHARED_IDENTIFIER" if shared else "NO_HIT"
    selective = found.met.sharing <= MOST_SCORED and not found.met.passed and not found.met.unfit
    in_doubt = not selective or not hits
    manifest = shelf.generation.manifest
    answer = Answer(
        entity_type=asked.entity_type,
        outcome=outcome,
        hits=hits,
        matching_entities=len(groups),
        shared=shared,
        sharing_entities=sharing_entities,
        generation=shelf.generation.number,
        entities_of=entities.number,
        published=manifest["at"],
        as_of=manifest["as_of"],
        model=shelf.scoring.in_use.name,
        sources=[
            {key: source[key] for key in ("name", "kind", "as_of", "mentions")}
            for source in manifest["sources"]
            if source["entity"] == asked.entity_type
        ],
        mentions=shelf.index.records,
        candidates=found.scored.compared,
        rules_tried=found.met.rules,
        not_searched=_not_searched(shelf, found),
        advice=shelf.helpful(asked.fields)[:MOST_ADVICE] if in_doubt else [],
        nearest_miss=None if hits else _nearest_miss(shelf, found.scored),
        missed=None if hits else missed(shelf, asked, found.itself),
    )
    return answer, _alerts(shelf, found, entities)


def _by_entity(scored: Scored, near: Iterable[int], entities: Entities) -> dict[int, list[int]]:
    """Return the places of near candidates by entity, the best first."""
    groups: dict[int, list[int]] = {}
    for place in near:
        serial = entities.serial(int(scored.mentions[place]))
        if serial != NOBODY:
            groups.setdefault(serial, []).append(place)
    return groups


def _hit(
    shelf: Shelf,
    found: Searched,
    entities: Entities,
    group: tuple[int, Sequence[int]],
    *,
    whole: bool,
) -> Hit:
    scored, view = found.scored, found.met.view
    serial, places = group
    best = places[0]
    mention = int(scored.mentions[best])
    confirmed = any(bool(scored.kept.confirmed[place]) for place in places)
    of_entity = [one for one in entities.mentions(serial) if view.is_there(one)]
    named = view.index.row(mention, ("source", "record_id")) if view.shows_record(mention) else {}
    tier = shelf.tier(scored, best, confirmed=confirmed)
    return Hit(
        entity_id=entities.id_of(serial),
        tier=tier,
        match_weight=round(float(scored.kept.weight[best]), 6),
        match_probability=round(float(scored.probabilities[best]), 9),
        records=len(of_entity),
        best_source=named.get("source"),
        best_record_id=named.get("record_id"),
        prior_weight=shelf.scoring.in_use.model.prior_weight,
        matched_on=shelf.scoring.speaking_for(scored, places),
        summary=shelf.summary(scored, best, tier) if whole else "",
        evidence=shelf.scoring.in_words(scored, best) if whole else [],
        investigations=view.investigations(of_entity),
    )


def _shared(
    view: View, holders: Mapping[str, list[int]], entities: Entities, known: set[int]
) -> tuple[list[Shared], int]:
    """Return the entities that only share an identifier with the question, and how many."""
    matched: dict[int, set[str]] = {}
    for column, mentions in holders.items():
        for mention in mentions:
            serial = entities.serial(mention)
            if serial != NOBODY and serial not in known:
                matched.setdefault(serial, set()).add(column)
    ranked = sorted(matched, key=lambda serial: (-len(matched[serial]), serial))
    found = []
    for serial in ranked[:MOST_SHARED]:
        of_entity = [one for one in entities.mentions(serial) if view.is_there(one)]
        found.append(
            Shared(
                entity_id=entities.id_of(serial),
                matched_on=sorted(matched[serial]),
                records=len(of_entity),
                investigations=view.shared_investigations(of_entity),
            )
        )
    return found, len(matched)


def _nearest_miss(shelf: Shelf, scored: Scored) -> NearestMiss | None:
    """Return the heaviest candidate, without whose it is; None where there was none."""
    if not len(scored.mentions):
        return None
    best = int(scored.kept.weight.argmax())
    said = sides(shelf.scoring.evidence(scored, best))
    return NearestMiss(
        match_weight=float(round(scored.kept.weight[best])),
        needed=round(weight_of(shelf.thresholds.review), 1),
        agreed=said["for"],
        differed=said["against"],
    )


def _not_searched(shelf: Shelf, found: Searched) -> list[str]:
    said = []
    if found.met.sharing > found.scored.compared:
        more = "more than " if found.met.passed else ""
        said.append(
            f"{more}{found.met.sharing:,} records share a key with what was asked: the "
            f"{found.scored.compared:,} with the most telling keys in common were compared"
        )
    said += [
        f"too many values of {name.replace('_', ' ')} fit the pattern: the first were looked up"
        for name in dict.fromkeys(found.met.unfit)
    ]
    said += [
        f"{source['name']}: {source['quarantined']:,} rows that could not be read lie in quarantine"
        for source in shelf.generation.manifest["sources"]
        if source["entity"] == shelf.entity_type and source.get("quarantined")
    ]
    said.append("the text of narratives, and sources that linker does not read")
    return said


def _alerts(shelf: Shelf, found: Searched, entities: Entities) -> list[Alert]:
    """Return whom of silent investigations a question concerns: hits, and shared identifiers."""
    hidden = found.hidden
    tiers: dict[int, Tier] = {}
    for place in reversed(shelf.near(hidden)):
        confirmed = bool(hidden.kept.confirmed[place])
        tiers[int(hidden.mentions[place])] = shelf.tier(hidden, place, confirmed=confirmed)
    for mentions in found.met.hidden_holders.values():
        for mention in mentions:
            tiers.setdefault(mention, "POSSIBLE")
    alerts: dict[tuple[Any, ...], Alert] = {}
    for mention, tier in tiers.items():
        row = found.met.view.index.row(mention, ("source", "agency", "unit", "case_id"))
        alert = Alert(
            agency=row["agency"] or row["source"],
            unit=row["unit"],
            case_id=row["case_id"],
            entity_id=entities.id_of(entities.serial(mention)),
            tier=tier,
        )
        whose = (alert.agency, alert.unit, alert.case_id, alert.entity_id)
        known = alerts.get(whose)
        if known is None or _TIERS.index(tier) < _TIERS.index(known.tier):
            alerts[whose] = alert
    return list(alerts.values())
