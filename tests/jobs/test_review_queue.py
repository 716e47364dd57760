"""The review queue from the command line: chosen, looked at, decided, followed by the next link."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from linker.config import load_config
from linker.lookup.desk import open_desk
from linker.night.labels import labelled
from linker.review.queue_file import Review, add_review, queue_path, read_items
from linker.store.layout import Store, open_store
from tests.jobs.running import Done, entity_of, linked, run
from tests.jobs.world import CASES, OPEN

BLIND = "\n[review.shares]\nblind = 1\nthreshold = 0\nrare_level = 0\nsession = 0\ngroup = 0\n"
DECISION = "entity,source_l,record_id_l,source_r,record_id_r,decision,author,reason\n"


def queue(config: Path, *words: str) -> Done:
    return run("review", "queue", "--config", config, "--entity", "person", *words)


def store_of(config: Path) -> Store:
    return open_store(config.parent / "store")


def queued(config: Path) -> dict[tuple[str, str], int]:
    """The number of each item by its two record ids."""
    return {(it.left[1], it.right[1]): it.number for it in read_items(store_of(config))}


def decide(config: Path, number: int, verdict: str, *words: str) -> Done:
    return run("review", "decide", str(number), verdict, "--config", config, *words)


def with_section(config: Path, text: str) -> Path:
    config.write_text(config.read_text(encoding="utf-8") + text, encoding="utf-8")
    return config


def test_a_pair_is_chosen_looked_at_and_decided(own: Path) -> None:
    """The decision is in the journal like an imported one, and the next link follows it."""
    done = queue(own, "--size", "50", "--json").json
    assert done["queued"] == done["chosen"] == len(queued(own)) > 5
    assert sum(done["parts"].values()) == done["chosen"]
    shown = run("review", "next", "--config", own, "--author", "r.vega", "--json").json["item"]
    assert (shown["weight"], shown["part"], shown["evidence"]) == (None, None, None)
    before = entity_of(own)
    assert before["k02"] == before["a01"]
    number = queued(own)["a01", "k02"]
    told = decide(own, number, "non_match", "--author", "r.vega", "--reason", "two men")
    assert told.out.startswith(f"item {number}: closed as non_match, decision 1 of the journal")
    listed = run("review", "list", "--config", own, "--json").json["decisions"]
    assert [(row["decision"], row["author"], row["reason"]) for row in listed] == [
        ("non_match", "r.vega", f"review {number}: two men")
    ]
    after = entity_of(linked(own))
    assert after["k02"] != after["a01"]


def test_a_dry_run_and_what_only_reads_change_nothing(untouched: Path) -> None:
    """Pairs are chosen and counted, the queue is asked, and not one byte is written."""
    done = queue(untouched, "--dry-run", "--json").json
    assert done["chosen"] > 5
    assert done["queued"] == 0
    assert queue(untouched, "--dry-run").out.startswith(f"{done['chosen']} pairs to queue, of")
    none = run("review", "next", "--config", untouched)
    assert none.out == "no pair is left to look at\n"
    agreed = run("review", "agreement", "--config", untouched, "--json").json
    assert agreed["entity_types"]["person"]["blind"]["pairs"] == 0
    assert "0 pairs decided" in run("review", "agreement", "--config", untouched).out


def test_what_is_queued_or_decided_is_passed_over(own: Path) -> None:
    """What a file decided is not asked again, nor is a pair queued twice, whatever the seed."""
    path = own.with_name("decisions.csv")
    path.write_text(f"{DECISION}person,arrests,a02,cases,k09,match,r.vega,prints\n")
    run("review", "import", path, "--config", own)
    first = queue(own, "--size", "4", "--json").json
    assert (first["passed_over"], first["queued"]) == (1, 4)
    second = queue(own, "--size", "100", "--seed", "99", "--json").json
    assert second["passed_over"] == 5
    assert len(queued(own)) == 4 + second["queued"]
    assert ("a02", "k09") not in queued(own)
    assert queue(own, "--size", "100", "--json").json["queued"] == 0


def test_the_same_seed_queues_the_same(own: Path, world: Path) -> None:
    """Pairs, parts, weights and order depend on store, configuration and seed alone."""
    queue(own, "--size", "8", "--seed", "5")
    one = read_items(store_of(own))
    queue_path(store_of(own)).unlink()
    queue(own, "--size", "8", "--seed", "5")
    assert read_items(store_of(own)) == one
    told = queue(world, "--size", "8", "--seed", "5", "--dry-run", "--json").json
    assert told["chosen"] == len(one)


def test_decisions_of_blind_pairs_are_for_evaluation(own: Path) -> None:
    """What was drawn blind never trains a model; what teaches is never judged by."""
    queue(own, "--size", "50")
    for number in sorted(queued(own).values()):
        add_review(store_of(own), number, Review("a", "match", "", "2026-03-01T10:00:00+00:00"))
    run("review", "agreement", "--config", own)  # what is left open by who died is closed first
    config = load_config(own)
    items = read_items(store_of(own))
    for part, blind in (("evaluation", True), ("training", False)):
        labels = labelled(config, "person", part)  # type: ignore[arg-type]
        named = {(row["record_id_l"], row["record_id_r"]) for row in labels.to_dicts()}
        mine = {(it.left[1], it.right[1]) for it in items if (it.part == "blind") == blind}
        assert named == mine
        assert mine


def test_agreement_and_an_honest_estimate_are_told(own: Path) -> None:
    """Two reviewers who look at blind pairs: percent, kappa, and precision with its interval."""
    with_section(own, "\n[review]\nreviewers = 2\n" + BLIND)
    queue(own, "--size", "50")
    numbers = sorted(queued(own).values())
    for place, number in enumerate(numbers):
        manager = ("--role", "manager", "--author")
        waits = decide(own, number, "match", *manager, "a")
        assert "another reviewer has to look" in waits.out
        decide(own, number, "match" if place else "non_match", *manager, "b")
    found = run("review", "agreement", "--config", own, "--json").json
    people = found["entity_types"]["person"]
    assert (found["reviewers"], people["pairs"]) == (2, len(numbers))
    assert people["agreed"] == people["decided"] == len(numbers) - 1
    assert people["blind"]["precision"]["value"] == 1
    assert people["blind"]["precision"]["low"] < 0.95
    text = run("review", "agreement", "--config", own).out
    assert f"two reviewers looked at {len(numbers)} and said the same of {len(numbers) - 1}" in text
    assert re.search(r"links that are matches: 1\.000 \(0\.\d+ to 1\.000, 95%", text)
    again = decide(own, numbers[1], "unsure", "--role", "manager", "--author", "a")
    assert "you had said match of it before, which stays" in again.out


def test_levels_that_sessions_disagree_on_are_read_from_the_model(own: Path) -> None:
    """The model's training.json names them by their labels; an unknown level is passed over."""
    shelf = open_desk(load_config(own)).shelf("person")
    birth = shelf.scoring.in_use.model.comparison("birth_date")
    told = [
        {"comparison": "birth_date", "level": level.label, "weights": {}, "spread": 3.0}
        for level in birth.levels
        if not level.is_missing
    ]
    gone = {"comparison": "shoe_size", "level": "equal", "weights": {}, "spread": 9.0}
    path = shelf.generation.model_directory("person") / "training.json"
    path.write_text(json.dumps({"disagreements": [*told, gone]}), encoding="utf-8")
    assert queue(own, "--size", "20", "--dry-run", "--json").json["parts"]["session"] == 2
    path.unlink()
    done = queue(own, "--size", "20", "--dry-run", "--json").json
    assert done["parts"]["session"] == 0
    assert any(note.startswith("session: 0 of 2") for note in done["notes"])


def test_an_item_is_shown_side_by_side(own: Path) -> None:
    """As text: both records, marks that say what differs, and the score once it is decided."""
    queue(own, "--size", "50")
    number = str(queued(own)["a02", "k09"])
    words = ("--config", own, "--author", "r.vega")
    text = run("review", "show", number, *words).out
    assert re.search(r"different birth_date +1959-12-08 +1966-08-01", text)
    assert re.search(r"= fingerprint_id +FP44 +FP44", text)
    assert "bits" not in text
    decide(own, int(number), "match", "--author", "r.vega")
    text = run("review", "show", number, *words).out
    assert "you said match; closed as match" in text
    assert re.search(r"match weight \d+\.\d bits, probability", text)
    assert run("review", "show", number, *words, "--json").json["final"] == "match"


REFUSED: tuple[tuple[list[str], tuple[str, ...]], ...] = (
    (["queue", "--entity", "person", "--size", "0"], ("--size", "1 pair or more")),
    (["queue", "--entity", "persn"], ("'persn'", "person")),
    (["queue", "--entity", "person", "--seed", "-1"], ("--seed",)),
    (["show", "999"], ("no item 999 to review, or you may not see it",)),
    (["decide", "999", "match"], ("no item 999 to review",)),
    (["decide", "1", "mtach"], ("'mtach'", "match")),
    (["next", "--role", "auditor"], ("'auditor'", "reviewer")),
)


@pytest.mark.parametrize(("words", "said"), REFUSED, ids=" ".join)
def test_words_that_do_not_fit(untouched: Path, words: list[str], said: tuple[str, ...]) -> None:
    """A usage error is one line that names the place, and nothing is written."""
    assert run("review", *words, "--config", untouched).refused(*said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n[review]\nreviewers = 3\n", ("review: reviewers: ", "less than or equal to 2")),
        ("\n[review]\nreviewer = 2\n", ("unknown key 'reviewer'", "reviewers")),
        ("\n[review.shares]\nblind = 0.9\n", ("the shares make 1.6 together",)),
    ],
)
def test_a_section_that_does_not_fit(own: Path, text: str, said: tuple[str, ...]) -> None:
    """One line that names the key and what would be right."""
    assert queue(with_section(own, text)).refused(*said)


def test_nothing_linked_has_no_queue(tmp_path: Path, world: Path) -> None:
    """Before the first link there is no store, and the line says what to do."""
    config = tmp_path / world.name
    config.write_bytes(world.read_bytes())
    assert queue(config).refused("no store there yet; run linker link")
    assert run("review", "agreement", "--config", config).refused("run linker link")


def test_a_record_that_is_gone_takes_its_item_along(own: Path) -> None:
    """Once no source has a record its pair is there for nobody, and the next one comes."""
    queue(own, "--size", "50")
    number = queued(own)["a02", "k09"]
    cases = own.with_name("cases.csv")
    lines = [line for line in cases.read_text().splitlines() if not line.startswith("k09,")]
    cases.write_text("\n".join(lines) + "\n")
    linked(own)
    assert run("review", "show", str(number), "--config", own).refused("you may not see it")
    assert decide(own, number, "match").refused("you may not see it")


def test_the_queue_tells_no_value(own: Path) -> None:
    """Neither what is printed nor the file holds a name, a birth date or a number of a record."""
    done = queue(own, "--size", "50")
    values = [value for row in CASES for name, value in row.items() if name in ("name", "dob")]
    files = b"".join(it.read_bytes() for it in store_of(own).directory.glob("review.sqlite*"))
    for value in {*values, OPEN["unit"], "FP44"}:
        assert value not in done.out + done.err
        assert value.encode() not in files


def test_what_is_forgotten_is_gone_from_the_queue(own: Path) -> None:
    """With a record go its pairs and what was said of them, down to the bytes of the file."""
    queue(own, "--size", "50")
    number = queued(own)["a02", "k09"]
    said = "a scar behind the ear"
    assert decide(own, number, "unsure", "--author", "r.vega", "--reason", said).code == 0
    words = ("--source", "cases", "--record", "k09", "--why", "court order")
    assert run("forget", "--config", own, *words).code == 0
    assert not any("k09" in pair for pair in queued(own))
    for path in queue_path(store_of(own)).parent.glob("review.sqlite*"):
        content = path.read_bytes()
        assert b"k09" not in content
        assert said.encode() not in content
