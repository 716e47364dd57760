"""The desk of reviewers: what they see before and after they decide, and what nobody else sees."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from linker.config import Config, load_config
from linker.deconfliction.disclose import Viewer
from linker.errors import AccessError, UsageError
from linker.jobs.review_queue import fill_queue
from linker.progress import Progress
from linker.review.desk import MOST_CHARACTERS, MOST_OF_NAME, ReviewDesk
from linker.review.item import ReviewItem
from linker.review.queue_file import read_items
from linker.store.decision_table import read_decisions
from linker.store.generation import current_generation
from linker.store.layout import Store, open_store
from tests.jobs.running import copy_of

REVIEWER, MANAGER = Viewer("reviewer"), Viewer("manager")
SILENT = ("k05", "k13")
"""Two records of one target, the first of a silent case of HSI in Laredo."""
PRINTS = ("a02", "k09")
"""Two records with equal fingerprints and different birth dates."""
TOLD_LATER = ("weight", "probability", "evidence", "waterfall", "summary", "part", "final")


@pytest.fixture(scope="module")
def queued(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a linked store all pairs of which are queued; tests copy it."""
    config = copy_of(world, tmp_path_factory.mktemp("queued") / "own")
    with config.open("a", encoding="utf-8") as file:
        file.write("\n[review.shares]\nblind = 0.5\nthreshold = 0.5\n")
        file.write("rare_level = 0\nsession = 0\ngroup = 0\n")
    fill_queue(load_config(config), "person", Progress(), size=100)
    return config


@pytest.fixture
def config(queued: Path, tmp_path: Path) -> Config:
    return load_config(copy_of(queued, tmp_path / "own"))


@pytest.fixture
def store(config: Config) -> Store:
    return open_store(config.resolve(config.store.directory))


def desk_of(config: Config, reviewers: int = 1) -> ReviewDesk:
    settings = config.review.model_copy(update={"reviewers": reviewers})
    store = open_store(config.resolve(config.store.directory))
    changed = config.model_copy(update={"review": settings})
    return ReviewDesk(changed, current_generation(store))


def number_of(store: Store, records: tuple[str, str]) -> int:
    found = {(item.left[1], item.right[1]): item.number for item in read_items(store)}
    return found[records]


def item_of(desk: ReviewDesk, number: int, who: str = "r.vega") -> ReviewItem:
    found = desk.item(number, who, REVIEWER)
    assert found is not None
    return found


def test_both_records_are_side_by_side_and_no_score_is_told(config: Config, store: Store) -> None:
    """Values, differences and context are there; what a model says is nowhere in the item."""
    item = item_of(desk_of(config), number_of(store, PRINTS))
    assert (item.left.source, item.left.record_id) == ("arrests", "a02")
    assert item.left.values["birth_date"] == "1959-12-08"
    assert item.right.values["fingerprint_id"] == "FP44"
    assert item.differences["fingerprint_id"] == "equal"
    assert item.differences["birth_date"] == "different"
    assert item.context["kinds"] == ["arrest", "case"]
    assert item.context["dates"] == [{"arrested_on": "1998-11-03"}, {"opened": "2025-01-10"}]
    assert item.decided_by_me is None
    assert all(getattr(item, name) is None for name in TOLD_LATER)
    hidden = {"name_keys", "name_sounds", "retained", "contact_name", "predicate"}
    assert not hidden & {*item.left.values, *item.right.values, *item.context}


def test_who_has_decided_is_told_what_the_model_says(config: Config, store: Store) -> None:
    """Weight, probability, evidence and why it was chosen; another reviewer still sees none."""
    desk, number = desk_of(config, reviewers=2), number_of(store, PRINTS)
    desk.decide(number, "r.vega", "match", "same prints", REVIEWER)
    item = item_of(desk, number)
    assert item.decided_by_me == "match"
    assert item.weight is not None
    assert item.waterfall is not None
    assert sum(item.waterfall.values()) == pytest.approx(item.weight)
    assert any("fingerprint" in sentence.lower() for sentence in item.evidence or ())
    assert item.part in {"blind", "threshold"}
    assert "CONFIRMED" in str(item.summary)
    other = item_of(desk, number, "j.lund")
    assert all(getattr(other, name) is None for name in (*TOLD_LATER, "decided_by_me"))
    assert "match" not in str({k: v for k, v in asdict(other).items() if k != "differences"})


def test_the_next_pair_is_one_not_decided_by_oneself(config: Config) -> None:
    """By number, until none is left; with two reviewers each gets all of them."""
    desk = desk_of(config, reviewers=2)
    for who in ("r.vega", "j.lund"):
        seen: list[int] = []
        while (number := desk.next_for(who, None, REVIEWER)) is not None:
            desk.decide(number, who, "match", "", REVIEWER)
            seen.append(number)
        assert seen == sorted(seen)
        assert len(seen) == 11  # all but the silent one
    assert desk.next_for("third", None, REVIEWER) is None  # all are closed
    assert desk.next_for("third", "organization", REVIEWER) is None


def test_of_two_who_disagree_a_third_decides(config: Config, store: Store) -> None:
    """Until then nothing is in the journal; then one decision of those who agree."""
    desk, number = desk_of(config, reviewers=2), number_of(store, PRINTS)
    assert desk.decide(number, "r.vega", "match", "prints", REVIEWER).final is None
    assert desk.decide(number, "j.lund", "non_match", "births", REVIEWER).final is None
    assert read_decisions(store).is_empty()
    done = desk.decide(number, "m.ito", "non_match", "two men", MANAGER)
    assert (done.final, done.decision, done.recorded) == ("non_match", 1, True)
    row = read_decisions(store).row(0, named=True)
    assert (row["author"], row["decision"]) == ("j.lund, m.ito", "non_match")
    assert row["reason"] == f"review {number}: births; two men"
    agreement = desk.agreement()["person"]
    assert (agreement["pairs"], agreement["agreed"]) == (1, 0)


def test_said_again_nothing_changes(config: Config, store: Store) -> None:
    """The same reviewer's second verdict is answered with the first, and recorded nowhere."""
    desk, number = desk_of(config), number_of(store, PRINTS)
    first = desk.decide(number, "r.vega", "match", "prints", REVIEWER)
    again = desk.decide(number, " r.vega ", "non_match", "no", REVIEWER)
    assert (first.recorded, again.recorded) == (True, False)
    assert (again.verdict, again.final, again.decision) == ("match", "match", 1)
    assert read_decisions(store).height == 1


def test_a_silent_pair_of_others_is_as_if_it_were_not_there(config: Config, store: Store) -> None:
    """A reviewer gets the words for an unknown item; its own unit and a manager see it."""
    desk, number = desk_of(config), number_of(store, SILENT)
    own = Viewer("reviewer", "HSI", "Laredo")
    assert desk.item(number, "r.vega", REVIEWER) is None
    assert desk.item(number, "r.vega", MANAGER) is not None
    assert desk.item(number, "r.vega", own) is not None
    with pytest.raises(UsageError) as silent:
        desk.decide(number, "r.vega", "match", "", REVIEWER)
    with pytest.raises(UsageError) as unknown:
        desk.decide(9_999, "r.vega", "match", "", REVIEWER)
    assert str(silent.value).replace(str(number), "N") == str(unknown.value).replace("9999", "N")
    counted = [desk.summary(who)["entity_types"]["person"]["open"] for who in (REVIEWER, MANAGER)]
    assert counted == [11, 12]


@pytest.mark.parametrize("role", ["requester", "owner", "auditor"])
def test_other_roles_review_nothing(config: Config, role: Any) -> None:
    """Whatever they ask of the queue, they are refused."""
    desk, viewer = desk_of(config), Viewer(role)
    for ask in (
        lambda: desk.summary(viewer),
        lambda: desk.next_for("a", None, viewer),
        lambda: desk.item(1, "a", viewer),
        lambda: desk.decide(1, "a", "match", "", viewer),
    ):
        with pytest.raises(AccessError):
            ask()


def test_words_that_do_not_fit_are_refused(config: Config, store: Store) -> None:
    """No such verdict, nobody's name, words too long, numbers of no item: nothing is recorded."""
    desk = desk_of(config)
    wrong: tuple[tuple[int, str, str, str], ...] = (
        (1, "a", "maybe", ""),
        (1, " ", "match", ""),
        (1, "a" * (MOST_OF_NAME + 1), "match", ""),
        (1, "a", "match", "x" * (MOST_CHARACTERS + 1)),
        (0, "a", "match", ""),
        (-1, "a", "match", ""),
        (10**30, "a", "match", ""),
    )
    for number, who, verdict, reason in wrong:
        with pytest.raises(UsageError):
            desk.decide(number, who, verdict, reason, REVIEWER)  # type: ignore[arg-type]
    assert all(not item.reviews for item in read_items(store))
    assert desk.item(10**30, "a", REVIEWER) is None


def test_the_summary_counts_by_part_and_by_me(config: Config) -> None:
    """What is open and decided, of each entity type, and how many this reviewer decided."""
    desk = desk_of(config)
    number = desk.next_for("r.vega", "person", REVIEWER)
    assert number is not None
    desk.decide(number, "r.vega", "match", "", REVIEWER)
    found = desk.summary(REVIEWER, "r.vega")
    people = found["entity_types"]["person"]
    assert (found["reviewers"], people["open"], people["decided"]) == (1, 10, 1)
    assert people["by_me"] == 1
    assert desk.summary(REVIEWER, "j.lund")["entity_types"]["person"]["by_me"] == 0
    assert sum(part["open"] for part in people["parts"].values()) == 10
    assert found["entity_types"]["organization"]["open"] == 0
