"""The queue on disk: what is there stays, and what is forgotten leaves no byte."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from linker.errors import StoreError
from linker.review.queue_file import (
    Review,
    add_items,
    add_review,
    forget_records,
    queue_path,
    read_items,
)
from linker.schemas import RECORD
from linker.store.layout import Store, open_or_create_store
from tests.review.queues import AT, queued_rows, said

FIRST = Review("r.vega", "match", "one man", AT)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_or_create_store(tmp_path / "store")


def records(*ids: str) -> pl.DataFrame:
    return pl.DataFrame([("cases", it) for it in ids], schema=dict(RECORD), orient="row")


def test_reading_makes_no_file(store: Store) -> None:
    """A store without a queue has no items, and none of what only reads makes one."""
    assert read_items(store) == ()
    assert forget_records(store, records("k1")) == 0
    assert not queue_path(store).exists()


def test_the_file_is_for_its_owner_alone(store: Store) -> None:
    """Nobody else may read which pairs are looked at."""
    add_items(store, queued_rows(("k1", "k2")), AT)
    assert stat.S_IMODE(queue_path(store).stat().st_mode) == 0o600


def test_a_pair_is_queued_once(store: Store) -> None:
    """Queued again it stays as it is, with its number and what was said of it."""
    assert add_items(store, queued_rows(("k1", "k2"), ("k1", "k3")), AT) == 2
    add_review(store, 1, FIRST)
    assert add_items(store, queued_rows(("k1", "k3"), ("k1", "k2"), ("k2", "k3")), AT) == 1
    found = read_items(store)
    assert [(item.left[1], item.right[1]) for item in found] == [
        ("k1", "k2"),
        ("k1", "k3"),
        ("k2", "k3"),
    ]
    assert [item.batch for item in found] == [1, 1, 2]
    assert found[0].reviews == (FIRST,)
    assert read_items(store, 2) == (found[1],)
    assert read_items(store, 9) == ()


def test_a_reviewer_says_one_thing_of_a_pair(store: Store) -> None:
    """What was said first stays, whatever the same reviewer says later; of no item nothing is."""
    add_items(store, queued_rows(("k1", "k2")), AT)
    assert add_review(store, 1, FIRST) == (FIRST, True)
    other = Review("r.vega", "unsure", "", AT)
    assert add_review(store, 1, other) == (FIRST, False)
    assert add_review(store, 1, Review("j.lund", "unsure", "", AT))[1]
    assert [review.reviewer for review in read_items(store)[0].reviews] == ["r.vega", "j.lund"]
    assert add_review(store, 7, other) == (other, False)
    assert len(read_items(store)) == 1


def test_writers_take_turns(store: Store) -> None:
    """Of many reviewers at once none is lost and none counts twice."""
    add_items(store, queued_rows(*((f"k{at}", f"m{at}") for at in range(5))), AT)
    tasks = [(number, f"r{who}") for number in range(1, 6) for who in range(4)] * 2
    with ThreadPoolExecutor(8) as threads:
        done = list(
            threads.map(lambda it: add_review(store, it[0], Review(it[1], "match", "", AT)), tasks)
        )
    assert sum(recorded for _, recorded in done) == 20
    assert all(len(item.reviews) == 4 for item in read_items(store))


def test_forgotten_records_leave_no_byte(store: Store) -> None:
    """Items on them go with what was said; others keep their numbers, which nobody gets again."""
    pairs = (("secret-record-1", "k2"), ("k2", "k3"), ("k2", "secret-record-1"))
    add_items(store, queued_rows(*pairs), AT)
    add_review(store, 1, Review("r.vega", "match", "words of a clerk", AT))
    add_review(store, 2, FIRST)
    assert forget_records(store, records("secret-record-1", "k9")) == 2
    assert [(item.number, item.reviews) for item in read_items(store)] == [(2, (FIRST,))]
    for path in store.directory.glob("review.sqlite*"):
        assert b"secret-record" not in path.read_bytes(), path.name
        assert b"words of a clerk" not in path.read_bytes(), path.name
    add_items(store, queued_rows(("k5", "k6")), AT)
    assert [item.number for item in read_items(store)] == [2, 4]


def test_a_damaged_file_is_one_clear_line(store: Store) -> None:
    """It names the file and the fix, and tells no value; so does one of another kind."""
    queue_path(store).write_bytes(b"no database" * 1000)
    for use in (
        lambda: read_items(store),
        lambda: add_items(store, queued_rows(("k1", "k2")), AT),
        lambda: forget_records(store, records("k1")),
    ):
        with pytest.raises(StoreError, match=r"review\.sqlite: .*restore it from a backup"):
            use()
    queue_path(store).unlink()
    with sqlite3.connect(queue_path(store)) as connection:
        connection.execute("CREATE TABLE queue (number INTEGER)")
    connection.close()
    with pytest.raises(StoreError, match=r"review\.sqlite: .*restore it from a backup"):
        add_items(store, queued_rows(("k1", "k2")), AT)


def test_reviews_come_in_the_order_in_which_they_were_said(store: Store) -> None:
    """Not in that of names or times, which may be equal."""
    add_items(store, queued_rows(("k1", "k2")), AT)
    for review in reversed(said("match", "non_match", "unsure")):
        add_review(store, 1, review)
    assert [review.reviewer for review in read_items(store)[0].reviews] == ["r2", "r1", "r0"]
