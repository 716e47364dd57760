"""What a lookup answers: whom to call, how sure it is, and nothing of what it must not show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.jobs.running import linked, run, table
from tests.jobs.world import CALL, COMPANION, POINTED, SHARED, SHY, TARGET, changed, write_world


def ask(config: Path, *words: str) -> dict[str, Any]:
    answer: dict[str, Any] = run("lookup", "--config", config, "--json", *words).json
    return answer


def name_of(person: dict[str, str]) -> tuple[str, ...]:
    return ("--name", person["name"], "--birth-date", person["dob"])


def told(answer: dict[str, Any]) -> str:
    """Everything an answer says of whom it found, as one text."""
    found = ("outcome", "hits", "shared", "sharing_entities", "candidates")
    return repr([answer[key] for key in found])


@pytest.fixture(scope="module")
def target(world: Path) -> dict[str, Any]:
    return ask(world, *name_of(TARGET))


def test_the_most_pressing_investigation_comes_first(world: Path, target: dict[str, Any]) -> None:
    """Investigations are ordered by class, in JSON and in text, whatever the agency's name."""
    expected = ["SIMULTANEOUS", "PRIOR", "INDETERMINATE", "PRIOR_CONTACT"]
    (hit,) = target["hits"]
    assert [row["class"] for row in hit["investigations"]] == expected
    lines = run("lookup", "--config", world, *name_of(TARGET)).out.splitlines()
    classes = [line.split()[0] for line in lines if line.split()[:1] and line.split()[0].isupper()]
    assert [word for word in classes if word in expected] == expected


def test_a_hit_says_whom_to_call(target: dict[str, Any]) -> None:
    """An active investigation comes with agency, unit and contact."""
    first = target["hits"][0]["investigations"][0]
    found = {key: first[key] for key in ("agency", "unit", "contact_name", "contact_phone")}
    assert found == {
        "agency": "HSI",
        "unit": "Laredo",
        "contact_name": CALL["agent"],
        "contact_phone": CALL["agent_phone"],
    }


def test_the_parts_sum_to_the_match_weight(world: Path, target: dict[str, Any]) -> None:
    """The prior weight and the weights of all comparisons sum to the match weight."""
    hit = target["hits"][0]
    parts = hit["prior_weight"] + sum(part["weight"] for part in hit["evidence"])
    assert parts == pytest.approx(hit["match_weight"], abs=1e-6)
    text = run("lookup", "--config", world, *name_of(TARGET)).out
    (prior,) = (line for line in text.splitlines() if line.endswith("before any evidence"))
    assert prior.split()[:2] == ["prior", f"{hit['prior_weight']:+.1f}"]


def test_an_answer_says_what_was_searched(world: Path, target: dict[str, Any]) -> None:
    """The answer carries generation, model, sources with their dates, and the keys tried."""
    assert target["generation"] == 1
    assert target["as_of"] == "2026-06-30"
    assert target["model"] == table(world, "ledger").filter(entity_type="person")["model"][0]
    assert [(it["name"], it["mentions"]) for it in target["sources"]] == [
        ("arrests", 4),
        ("cases", 38),
    ]
    assert target["rules_tried"]


def test_nothing_found_is_not_clear(world: Path) -> None:
    """NO_HIT names the sources and the as-of date, and says what it does not mean."""
    words = ("--name", "Xochitl Vandersteen", "--birth-date", "1999-09-09")
    answer = ask(world, *words)
    assert (answer["outcome"], answer["hits"]) == ("NO_HIT", [])
    assert {source["name"] for source in answer["sources"]} == {"arrests", "cases"}
    text = run("lookup", "--config", world, *words).out
    assert text.startswith("NO_HIT: no matching record in these sources as of 2026-06-30")
    assert "does not mean clear" in text
    assert "arrests (arrest): 4 mentions as of" in text


def test_a_silent_case_is_as_if_it_were_not_there(world: Path, tmp_path: Path) -> None:
    """Asked for the target of a silent case, the answer is that of a store without the case."""
    answer = ask(world, *name_of(SHY))
    assert (answer["outcome"], answer["hits"], answer["candidates"]) == ("NO_HIT", [], 0)
    without = linked(write_world(tmp_path, changed("k04", name="Ulrike Mandelbaum")))
    assert told(ask(without, *name_of(SHY))) == told(answer)
    out = run("lookup", "--config", world, *name_of(SHY)).out
    assert "S-4" not in out
    assert "0 candidates scored" in out


def test_one_mark_makes_the_whole_case_silent(world: Path) -> None:
    """A mention that bears no mark itself is as silent as its case; other cases show."""
    answer = ask(world, *name_of(COMPANION))
    (hit,) = answer["hits"]
    assert [row["case_id"] for row in hit["investigations"]] == ["H-13"]
    assert (hit["records"], answer["candidates"]) == (1, 1)
    assert "S-4" not in told(answer)
    assert "k05" not in told(answer)


def test_a_mark_on_an_organization_silences_the_people_of_its_case(own: Path) -> None:
    """A case is silent to whoever asks for any of its targets, person or organization."""
    write_world(own.parent, changed("f01", who_may_know="silent"))
    before = ask(own, "--name", "Transportes Quetzal")
    assert [row["case_id"] for row in before["hits"][0]["investigations"]] == ["H-14"]
    linked(own)
    assert ask(own, "--name", "Transportes Quetzal")["outcome"] == "NO_HIT"


def test_a_pointer_only_case_shows_whom_to_call_and_no_more(world: Path) -> None:
    """Of a case that is pointer-only a lookup gives class, agency, unit and contact alone."""
    answer = ask(world, *name_of(POINTED))
    (hit,) = answer["hits"]
    (row,) = hit["investigations"]
    assert {key: value for key, value in row.items() if value is not None} == {
        "class": "SIMULTANEOUS",
        "agency": "HSI",
        "unit": "Laredo",
        "contact_name": CALL["agent"],
        "contact_phone": CALL["agent_phone"],
        "sensitivity": "pointer_only",
    }
    assert (hit["best_source"], hit["best_record_id"]) == (None, None)
    text = run("lookup", "--config", world, *name_of(POINTED)).out
    assert CALL["agent_phone"] in text
    assert not [word for word in ("P-5", "k06", "2025-01-10") if word in text + told(answer)]


def test_an_equal_fingerprint_confirms(world: Path) -> None:
    """Equal fingerprints make the tier CONFIRMED, even where the names asked for differ."""
    for name in ("Rafael Resendez", "Bartholomew Oyelaran"):
        answer = ask(world, "--name", name, "--fingerprint-id", "FP44")
        hits = [hit for hit in answer["hits"] if hit["tier"] == "CONFIRMED"]
        assert len(hits) == 1, name
        assert hits[0]["records"] == 2


def test_an_identifier_in_common_is_told_without_asserting_identity(world: Path) -> None:
    """Who asks by a number alone learns who holds it, what they are in, and that it is no more."""
    answer = ask(world, "--phone", SHARED["phone"])
    assert (answer["outcome"], answer["hits"], answer["sharing_entities"]) == (
        "SHARED_IDENTIFIER",
        [],
        2,
    )
    assert [holder["matched_on"] for holder in answer["shared"]] == [["phones"], ["phones"]]
    classes = [row["class"] for holder in answer["shared"] for row in holder["investigations"]]
    assert sorted(classes) == ["PRIOR", "SIMULTANEOUS"]
    text = run("lookup", "--config", world, "--phone", SHARED["phone"]).out
    assert text.count("phones in common; identity is not asserted") == 2
    assert SHARED["phone"][-4:] not in text


def test_a_hit_is_not_told_again_as_a_shared_identifier(world: Path) -> None:
    """Only entities that are no hit are listed for what they share."""
    answer = ask(world, "--name", "Rafael Resendez", "--fingerprint-id", "FP44")
    assert answer["outcome"] == "HIT"
    assert answer["shared"] == []


def test_an_identifier_that_nobody_holds_is_no_hit(world: Path) -> None:
    """A number that is on no record is answered like a name that is on none."""
    answer = ask(world, "--passport", "ZZ9999999")
    assert (answer["outcome"], answer["shared"]) == ("NO_HIT", [])


def test_records_with_one_fingerprint_id_are_one_entity(world: Path) -> None:
    """Another birth date, given with the same prints, is the same person."""
    entities = table(world, "entities")
    ids = {row["record_id"]: row["entity_id"] for row in entities.to_dicts()}
    assert ids["k09"] == ids["a02"]


def test_a_name_and_a_birth_date_never_confirm(target: dict[str, Any]) -> None:
    """Name and birth date alone are PROBABLE at most, however rare the name."""
    assert target["hits"][0]["tier"] == "PROBABLE"


def test_people_and_organizations_are_searched_apart(world: Path) -> None:
    """An organization's name asked for as a person finds the person of that name, and no other."""
    person = ask(world, "--name", "Transportes Quetzal")
    firm = ask(world, "--organization", "--name", "Transportes Quetzal", "--tax-id", "TQU010101AB1")
    assert {hit["best_record_id"] for hit in person["hits"]} == {"k14"}
    assert {hit["best_record_id"] for hit in firm["hits"]} <= {"f01", "f02"}
    assert firm["outcome"] == "HIT"
    assert [source["name"] for source in firm["sources"]] == ["firms"]


def test_a_lookup_changes_nothing(untouched: Path) -> None:
    """A lookup writes nowhere in the store."""
    assert ask(untouched, *name_of(TARGET))["outcome"] == "HIT"


def test_a_lookup_scores_with_the_prior_of_the_link(tmp_path: Path) -> None:
    """Where a configuration expects many records, answers start from the same prior as the link."""
    config = write_world(tmp_path)
    run("link", "--config", config)
    before = ask(config, *name_of(TARGET))["hits"][0]["prior_weight"]
    with config.open("a", encoding="utf-8") as file:
        file.write("\n[person]\nexpected_records = 528000\n")  # twice those of the shipped model
    run("link", "--config", config)
    assert ask(config, *name_of(TARGET))["hits"][0]["prior_weight"] == pytest.approx(
        before - 1, abs=1e-3
    )
