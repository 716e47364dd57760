"""When a pair is decided, and that it becomes one decision however often anybody dies."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.errors import StoreError
from linker.review.item import VERDICTS, Verdict
from linker.review.queue_file import Review, add_items, add_review, queue_path, read_items
from linker.review.verdicts import closing_of, settle
from linker.store.decision_table import read_decisions, writing_decisions
from linker.store.layout import Store, open_or_create_store, open_store
from tests.jobs.running import ROOT
from tests.review.queues import AT, queued_rows, said

MANY = 40
REVIEWING = f"""
import sys
from pathlib import Path
from linker.review.queue_file import Review, add_review
from linker.review.verdicts import settle
from linker.store.layout import open_store
store = open_store(Path(sys.argv[1]))
for number in range(1, {MANY + 1}):
    add_review(store, number, Review("r.vega", "match", "", "{AT}"))
    settle(store, 1)
    print(number, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_or_create_store(tmp_path / "store")


def review(store: Store, number: int, who: str, verdict: Verdict, reason: str = "") -> None:
    add_review(store, number, Review(who, verdict, reason, AT))


def decided(store: Store) -> list[tuple[str, str, str]]:
    return read_decisions(store).select("decision", "author", "reason").rows()


@pytest.mark.parametrize(
    ("verdicts", "reviewers", "closed"),
    [
        ([], 1, None),
        (["match"], 1, ("match", ["r0"])),
        (["match", "non_match"], 1, ("match", ["r0"])),
        (["match"], 2, None),
        (["match", "match"], 2, ("match", ["r0", "r1"])),
        (["match", "non_match"], 2, None),
        (["match", "non_match", "match"], 2, ("match", ["r0", "r2"])),
        (["match", "non_match", "unsure"], 2, ("unsure", ["r2"])),
        (["match", "match", "non_match"], 2, ("match", ["r0", "r1"])),
        (["unsure", "non_match", "non_match", "match"], 2, ("non_match", ["r1", "r2"])),
    ],
)
def test_what_closes_an_item(
    verdicts: list[Verdict], reviewers: int, closed: tuple[str, list[str]] | None
) -> None:
    """So many as are asked for agree, or the next one decides; later words change nothing."""
    found = closing_of(said(*verdicts), reviewers)
    told = found and (found.verdict, [one.reviewer for one in found.by])
    assert told == closed


@given(st.lists(st.sampled_from(VERDICTS), max_size=6), st.integers(1, 2))
def test_what_is_closed_stays_closed(verdicts: list[Verdict], reviewers: int) -> None:
    """Whoever comes later, verdict, authors and time stay: they are found again in the journal."""
    reviews = said(*verdicts)
    for count in range(len(reviews) + 1):
        found = closing_of(reviews[:count], reviewers)
        if found is not None:
            assert closing_of(reviews, reviewers) == found
            assert {one.verdict for one in found.by} == {found.verdict}


def test_a_verdict_becomes_a_decision(store: Store) -> None:
    """With its authors and their reasons, once, and the queue knows its number."""
    add_items(store, queued_rows(("k1", "k2"), ("k1", "k3"), ("k1", "k4")), AT)
    review(store, 1, "r.vega", "match", "one man")
    review(store, 1, "j.lund", "match", "same prints")
    review(store, 2, "r.vega", "unsure")
    assert settle(store, 2) == 1
    assert decided(store) == [("match", "r.vega, j.lund", "review 1: one man; same prints")]
    review(store, 2, "j.lund", "unsure")
    assert (settle(store, 2), settle(store, 2)) == (1, 0)
    assert decided(store)[1] == ("unsure", "r.vega, j.lund", "review 2")
    assert [(item.verdict, item.decision) for item in read_items(store)] == [
        ("match", 1),
        ("unsure", 2),
        (None, None),
    ]


def test_who_dies_before_the_queue_knows_has_recorded_it_once(store: Store) -> None:
    """The journal has the decision and the queue does not: settling again finds it there."""
    add_items(store, queued_rows(("k1", "k2"), ("k1", "k3")), AT)
    review(store, 1, "r.vega", "match")
    review(store, 2, "r.vega", "non_match")
    settle(store, 1)
    before = read_decisions(store)
    with closing(sqlite3.connect(queue_path(store))) as connection:  # as the dead one left it
        connection.execute("UPDATE queue SET verdict = NULL, decision = NULL WHERE number = 2")
        connection.commit()
    review(store, 2, "j.lund", "match")  # too late
    assert settle(store, 1) == 1
    assert read_decisions(store).equals(before)
    assert [(item.verdict, item.decision) for item in read_items(store)] == [
        ("match", 1),
        ("non_match", 2),
    ]


def test_a_withdrawn_decision_is_not_recorded_anew(store: Store) -> None:
    """Somebody took it back before the queue knew its number: it stays taken back."""
    add_items(store, queued_rows(("k1", "k2")), AT)
    review(store, 1, "r.vega", "match")
    settle(store, 1)
    with writing_decisions(store) as journal:
        journal.withdraw(1, AT, "j.lund", "a mix-up")
    with closing(sqlite3.connect(queue_path(store))) as connection:
        connection.execute("UPDATE queue SET verdict = NULL, decision = NULL")
        connection.commit()
    settle(store, 1)
    assert read_decisions(store).select("decision_id", "withdrawn_by").rows() == [(1, "j.lund")]


def test_a_journal_that_cannot_be_written_loses_no_verdict(store: Store) -> None:
    """The verdict stays in the queue, open, and becomes a decision once the journal is mended."""
    add_items(store, queued_rows(("k1", "k2")), AT)
    store.journal.write_bytes(b"no database" * 1000)
    review(store, 1, "r.vega", "match")
    with pytest.raises(StoreError, match=r"journal\.duckdb"):
        settle(store, 1)
    assert [(item.verdict, len(item.reviews)) for item in read_items(store)] == [(None, 1)]
    store.journal.unlink()
    assert settle(store, 1) == 1
    assert decided(store) == [("match", "r.vega", "review 1")]


def test_a_killed_reviewer_loses_nothing_and_records_nothing_twice(store: Store) -> None:
    """Killed while it decides one pair after another: what was said is decided once each."""
    add_items(store, queued_rows(*((f"a{at}", f"b{at}") for at in range(MANY))), AT)
    words = [sys.executable, "-c", REVIEWING, str(store.directory)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(5)]
        process.kill()
    settle(open_store(store.directory), 1)
    items = read_items(store)
    reviewed = [item for item in items if item.reviews]
    assert len(reviewed) >= len(told)
    assert all(item.verdict == "match" for item in reviewed)
    decisions = read_decisions(store)
    assert sorted(decisions["reason"]) == sorted(f"review {item.number}" for item in reviewed)
    assert sorted(item.decision or 0 for item in reviewed) == decisions["decision_id"].to_list()
