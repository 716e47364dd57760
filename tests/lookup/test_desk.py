"""One published generation, asked by viewers of every kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linker.config import load_config
from linker.deconfliction.disclose import POINTER, REQUESTER, Viewer
from linker.errors import AccessError, QueryError
from linker.lookup.answer import Answer
from linker.lookup.desk import Desk, Desks, Told, open_desk
from linker.lookup.question import Question
from tests.jobs.running import linked, run, table
from tests.jobs.world import COMPANION, POINTED, SHARED, SHY, TARGET, changed, write_world

OWNER = Viewer("owner", "HSI", "Laredo")
OTHER_OWNER = Viewer("owner", "DEA", "Laredo")
MANAGER = Viewer("manager")


@pytest.fixture(scope="module")
def desk(world: Path) -> Desk:
    return open_desk(load_config(world))


def person(**fields: Any) -> Question:
    return Question("person", fields)


def named(target: dict[str, str]) -> Question:
    return person(full_name=target["name"], birth_date=target["dob"])


def apart(answer: Answer) -> dict[str, Any]:
    """What an answer says but for what it says of how good the question was."""
    told = answer.to_json()
    for name in ("missed", "nearest_miss", "rules_tried"):
        told.pop(name)
    return told


def test_a_silent_case_looks_like_nobody(desk: Desk) -> None:
    """Content and shape of the answer are those for a person who is in no source at all."""
    silent = desk.answer(named(SHY), REQUESTER).answer
    nobody = person(full_name="Vasilisa Ostrogradskaya Wu", birth_date="1979-11-03")
    absent = desk.answer(nobody, REQUESTER).answer
    assert apart(silent) == apart(absent)
    assert silent.outcome == "NO_HIT"
    assert silent.nearest_miss == absent.nearest_miss
    assert silent.to_json().keys() == absent.to_json().keys()


def test_its_owner_is_told(desk: Desk) -> None:
    """Whoever asks for the target of a silent case of others brings its owner an alert."""
    for viewer in (REQUESTER, OTHER_OWNER, Viewer("reviewer", "DEA", "Laredo")):
        (alert,) = desk.answer(named(SHY), viewer).alerts
        assert (alert.agency, alert.unit, alert.case_id) == ("HSI", "Laredo", "S-4")
        assert alert.tier == "PROBABLE"
    assert desk.answer(named(TARGET), REQUESTER).alerts == []


def test_owner_and_manager_find_it(desk: Desk) -> None:
    """To its own unit, and to managers, a silent case is a hit like any other, without alert."""
    for viewer in (OWNER, MANAGER, Viewer("reviewer", "HSI", "Laredo")):
        told = desk.answer(named(SHY), viewer)
        (hit,) = told.answer.hits
        assert [row["case_id"] for row in hit.investigations] == ["S-4"]
        assert told.alerts == []


def test_a_phone_of_a_silent_case_alerts_too(own: Path) -> None:
    """An identifier in common with a silent case is told to its owner and to nobody else."""
    config = linked(write_world(own.parent, changed("k04", phone="956-555-0199")))
    told = open_desk(load_config(config)).answer(person(phones=["956-555-0199"]), REQUESTER)
    assert told.answer.outcome == "NO_HIT"
    assert [(alert.case_id, alert.tier) for alert in told.alerts] == [("S-4", "POSSIBLE")]


def test_who_only_shares_an_identifier_is_pointed_to(desk: Desk) -> None:
    """Where identity is not asserted a requester learns whom to call; a manager sees the case."""
    for viewer, shown in ((REQUESTER, False), (MANAGER, True)):
        found = desk.answer(person(plates=[SHARED["plate"]]), viewer).answer.shared
        rows = [row for holder in found for row in holder.investigations]
        assert len(rows) == 2
        for row in rows:
            told = {name for name, value in row.items() if value is not None}
            assert (told <= POINTER) is not shown


def test_a_plate_known_in_part(desk: Desk) -> None:
    """? and * find the holders of the values that fit, and identity is not asserted."""
    answer = desk.answer(person(plates=["KT?9*"]), REQUESTER).answer
    assert answer.outcome == "SHARED_IDENTIFIER"
    assert answer.sharing_entities == 2
    assert desk.answer(person(plates=["KT?8*"]), REQUESTER).answer.outcome == "NO_HIT"
    named_too = person(full_name="Wanda Kowalczyk", plates=["K*41"])
    assert desk.answer(named_too, REQUESTER).answer.outcome == "HIT"


def test_every_record_finds_its_own_entity_first(world: Path, desk: Desk) -> None:
    """Looked up by what it says, each record that is there for the viewer leads to its entity."""
    ids = {row["record_id"]: row["entity_id"] for row in table(world, "entities").to_dicts()}
    index = desk.shelf("person").index
    checked = 0
    for mention in range(index.records):
        row = index.row(mention, ("record_id", "full_name", "birth_date", "fingerprint_id"))
        fields = {name: str(value) for name, value in row.items() if value and name != "record_id"}
        answer = desk.answer(Question("person", fields), MANAGER).answer
        assert answer.hits[0].entity_id == ids[row["record_id"]], row["record_id"]
        checked += 1
    assert checked == index.records > 40


def test_weights_are_those_of_the_link(world: Path, desk: Desk) -> None:
    """Asked with a record's values, another one has the weight that the night gave the pair."""
    pairs = table(world, "pairs").to_dicts()
    index = desk.shelf("person").index
    numbers = {}
    for mention in range(index.records):
        row = index.row(mention, ("source", "record_id"))
        numbers[row["source"], row["record_id"]] = mention
    compared = 0
    for pair in pairs:
        left = numbers.get((pair["source_l"], pair["record_id_l"]))
        right = numbers.get((pair["source_r"], pair["record_id_r"]))
        if left is None or right is None:
            continue
        scoring = desk.shelf("person").scoring
        mention = index.row(left, list(scoring.scorer.layout.columns))
        known = {name: value for name, value in mention.items() if value is not None}
        scored = scoring.score(index, scoring.compared(known), np.array([right], dtype=np.int32))
        assert float(scored.kept.weight[0]) == pytest.approx(pair["match_weight"], abs=1e-9)
        compared += 1
    assert compared


def test_an_entity_page_shows_what_the_viewer_may_see(desk: Desk) -> None:
    """A requester sees where records are, a reviewer what open ones say, a manager all."""
    entity = desk.answer(named(COMPANION), MANAGER).answer.hits[0].entity_id
    shown = {
        role: desk.entity(entity, Viewer(role))
        for role in ("requester", "reviewer", "manager", "auditor")
    }
    assert shown["auditor"] is None
    records = {role: page["records"] for role, page in shown.items() if page is not None}
    assert [row["record_id"] for row in records["requester"]] == ["k13"]
    assert [row["values"] for row in records["requester"]] == [None]
    assert records["reviewer"][0]["values"]["full_name"] == "ofelia barrientos lugo"
    assert {row["record_id"] for row in records["manager"]} == {"k05", "k13"}


def test_an_entity_of_silent_records_is_not_there(desk: Desk) -> None:
    """It is as unknown as an id that nobody ever had, or what is no id at all."""
    silent = desk.answer(named(SHY), MANAGER).answer.hits[0].entity_id
    for entity_id in (silent, "p0000000000000", "x", "", "o" + silent[1:], "p" + "z" * 13):
        assert desk.entity(entity_id, REQUESTER) is None, entity_id
    assert desk.entity(silent, OWNER) is not None


def test_of_a_pointer_only_record_the_place_is_not_shown(desk: Desk) -> None:
    """Source and record id lead to the case, so whoever may only be pointed to it lacks them."""
    entity = desk.answer(named(POINTED), REQUESTER).answer.hits[0].entity_id
    page = desk.entity(entity, REQUESTER)
    assert page is not None
    (record,) = page["records"]
    assert (record["source"], record["record_id"], record["values"]) == (None, None, None)
    assert (record["agency"], record["unit"]) == ("HSI", "Laredo")


def test_why_and_why_not(desk: Desk) -> None:
    """A stated record is weighed whatever it is, and what would change the verdict is told."""
    found = desk.explain(named(TARGET), "cases", "k01", REQUESTER)
    assert found["verdict"] == "PROBABLE"
    assert found["rules_met"]
    missed = desk.explain(named(TARGET), "cases", "k10", REQUESTER)
    assert (missed["verdict"], missed["rules_met"]) == ("NO_MATCH", [])
    assert missed["would_change"]
    parts = missed["prior_weight"] + sum(row["weight"] for row in missed["evidence"])
    assert parts == pytest.approx(missed["match_weight"], abs=1e-6)


@pytest.mark.parametrize(
    "record", [("cases", "k04"), ("cases", "k06"), ("cases", "k999"), ("", "")]
)
def test_a_record_that_may_not_be_seen_is_unknown(desk: Desk, record: tuple[str, str]) -> None:
    """Silent, pointer-only and unknown records are refused in the same words."""
    with pytest.raises(QueryError, match="there is no such record, or you may not see it"):
        desk.explain(named(TARGET), *record, REQUESTER)


def test_a_no_says_what_it_is_worth(desk: Desk) -> None:
    """The nearest miss without whose it is, the chance of a miss with its basis, and what helps."""
    question = person(full_name="Esperanza Quintero", birth_date="1984-03-18")
    answer = desk.answer(question, REQUESTER).answer
    assert answer.outcome == "NO_HIT"
    assert answer.missed is not None
    assert 0 < answer.missed.probability < 1
    assert answer.missed.basis
    assert answer.advice
    assert not set(answer.advice) & {"full_name", "birth_date"}
    assert any("narratives" in said for said in answer.not_searched)
    near = replace(question, fields={"full_name": "Esperanza Quintanilla", "birth_date": "1990"})
    miss = desk.answer(near, REQUESTER).answer.nearest_miss
    assert miss is None or miss.match_weight < miss.needed + 0.5


def test_entities_as_they_were(own: Path) -> None:
    """Asked as of a day, records are told by the entities of then."""
    before = run("lookup", "--config", own, "--name", TARGET["name"], "--json").json
    day = before["published"][:10]
    linked(write_world(own.parent, changed("k01", name="Somebody Else", dob="1950-02-02")))
    fields = {"full_name": TARGET["name"], "birth_date": TARGET["dob"]}
    then = open_desk(load_config(own)).answer(Question("person", fields, day), REQUESTER).answer
    assert then.entities_of <= then.generation
    assert then.outcome == "HIT"


def test_a_desk_follows_what_is_published(own: Path) -> None:
    """Desks open the next generation when it is there; who holds the old desk goes on asking it."""
    desks = Desks(load_config(own))
    held = desks.current
    assert desks.refresh() is False
    linked(write_world(own.parent, changed("k10", name="Zdenka Novotna")))
    assert desks.refresh() is True
    assert desks.current.generation.number == held.generation.number + 1
    question = person(full_name="Zdenka Novotna", birth_date="1975-04-12")

    def best(told: Told) -> str | None:
        return told.answer.hits[0].best_record_id if told.answer.hits else None

    assert best(desks.current.answer(question, REQUESTER)) == "k10"
    assert held.answer(named(TARGET), REQUESTER).answer.outcome == "HIT"


def test_an_auditor_asks_nothing(desk: Desk) -> None:
    """Who looks at what others asked is refused, even where a door forgot to."""
    with pytest.raises(AccessError, match="auditor asks nothing"):
        desk.answer(named(TARGET), Viewer("auditor"))
    with pytest.raises(AccessError, match="auditor asks nothing"):
        desk.explain(named(TARGET), "cases", "k01", Viewer("auditor"))
