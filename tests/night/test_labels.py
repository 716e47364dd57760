"""People's decisions as labels: in two parts, by numbers of records, without contradictions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import load_config
from linker.night.labels import LABELS, is_for_evaluation, labelled, telling_decisions
from linker.night.records import Records, records_of
from linker.night.teaching import Lessons, lessons_of
from linker.progress import Progress
from linker.schemas import DECISION_RECORDS, DECISIONS, conform
from tests.jobs.running import run
from tests.jobs.world import write_world

HEADER = "entity,source_l,record_id_l,source_r,record_id_r,decision,author,reason,made_at"
DECIDED = (
    "person,cases,k10,cases,k11,match,r.vega,one man,2026-01-01",
    "person,cases,k02,arrests,a01,non_match,r.vega,two,2026-01-02",
    "person,cases,k07,cases,k08,unsure,r.vega,who knows,2026-01-03",
    "organization,firms,f01,firms,f03,match,r.vega,one,2026-01-04",
)

Row = tuple[str, str, str]
"""Two records of cases and what was decided of them."""


def decisions(*rows: Row) -> pl.DataFrame:
    """Decisions in force on cases, numbered from 1, each a day newer than the one before."""
    frame = pl.DataFrame(
        [
            {
                "decision_id": number,
                "entity_type": "person",
                "source_l": "cases",
                "record_id_l": left,
                "source_r": "cases",
                "record_id_r": right,
                "decision": said,
                "author": "r.vega",
                "reason": "",
                "made_at": f"2026-01-{number:02}T00:00:00+00:00",
            }
            for number, (left, right, said) in enumerate(rows, 1)
        ]
    )
    lacking = [pl.lit(None, pl.String()).alias(name) for name in DECISIONS if name not in frame]
    return conform(frame.with_columns(lacking), DECISIONS)


@pytest.fixture(scope="module")
def records(world: Path) -> Records:
    return records_of(load_config(world), "person", (), Progress(io.StringIO()))


def lessons(records: Records, *rows: Row) -> Lessons:
    return lessons_of(decisions(*rows), records)


def named(records: Records, pairs: pl.DataFrame) -> list[tuple[str, str, bool]]:
    names = records.mentions.read(["record_id"])["record_id"]
    return [(names[left], names[right], same) for left, right, same in pairs.iter_rows()]


def test_decisions_in_force_are_labels(own: Path) -> None:
    """Those that say what a pair is are labels, of the entity type alone, in a fixed order."""
    path = own.with_name("decisions.csv")
    path.write_text("\n".join([HEADER, *DECIDED]) + "\n")
    assert run("review", "import", path, "--config", own).code == 0
    config = load_config(own)
    found = labelled(config, "person")
    assert dict(found.schema) == dict(LABELS)
    told = found.select("record_id_l", "record_id_r", "is_match").rows()
    assert told == [("a01", "k02", False), ("k10", "k11", True)]
    parts = [labelled(config, "person", part) for part in ("training", "evaluation")]  # type: ignore[arg-type]
    assert pl.concat(parts).sort(list(DECISION_RECORDS)).equals(found)
    assert telling_decisions(config, "person")["decision_id"].to_list() == [2, 1]
    assert run("review", "withdraw", "1", "--config", own, "--why", "mistaken").code == 0
    assert labelled(config, "person")["is_match"].to_list() == [False]


def test_without_a_store_there_are_no_labels(tmp_path: Path) -> None:
    """A configuration whose store was never made has no decisions, which is no error."""
    config = load_config(write_world(tmp_path))
    assert labelled(config, "person").is_empty()
    (tmp_path / "store" / "store.json").unlink()
    assert labelled(config, "person", "training").is_empty()


IDS = st.text(min_size=1, max_size=5)


@given(st.lists(st.tuples(IDS, IDS), unique=True, max_size=30))
def test_the_part_of_a_pair_depends_on_its_records_alone(names: list[tuple[str, str]]) -> None:
    """Whatever other pairs there are, and in whatever order, a pair is in the same part."""
    pairs = pl.DataFrame(
        [("cases", left, "cases", right) for left, right in names],
        schema=dict(DECISION_RECORDS),
        orient="row",
    )
    apart = is_for_evaluation(pairs)
    assert is_for_evaluation(pairs.reverse()).to_list() == apart.to_list()[::-1]
    for place in range(pairs.height):
        assert is_for_evaluation(pairs[place : place + 1]).item() == apart[place]


def test_one_pair_in_four_is_kept_for_evaluation() -> None:
    """Of a thousand pairs about a quarter is kept apart."""
    pairs = pl.DataFrame(
        [("cases", f"c{number}", "cases", f"d{number}") for number in range(1000)],
        schema=dict(DECISION_RECORDS),
        orient="row",
    )
    assert 200 < is_for_evaluation(pairs).sum() < 300


def test_labels_are_told_by_numbers_of_records(records: Records) -> None:
    """Matches and non-matches are pairs of the records' numbers, and counted in a note."""
    found = lessons(records, ("k01", "k02", "match"), ("k02", "k03", "non_match"))
    assert named(records, found.pairs) == [("k01", "k02", True), ("k02", "k03", False)]
    assert found.notes == ("labels: 1 matches and 1 non-matches of people's decisions",)
    assert found.usable is not None


def test_labels_that_contradict_each_other_are_left_out(records: Records) -> None:
    """Where A is B and B is C but A is not C, none of the three is trained on; the rest is."""
    found = lessons(
        records,
        ("k01", "k02", "match"),
        ("k02", "k03", "match"),
        ("k01", "k03", "non_match"),
        ("k05", "k13", "match"),
    )
    assert named(records, found.pairs) == [("k05", "k13", True)]
    assert found.notes[0] == (
        "labels: decisions 1, 2, 3 contradict each other, so that none of them is trained on; "
        "withdraw one"
    )


def test_many_contradictions_are_told_in_few_lines(records: Records) -> None:
    """Five contradictions are told one by one, the others counted."""
    rows: list[Row] = []
    for number in range(7):
        one, two, three = (f"x{3 * number + place:02}" for place in range(3))
        rows += [(one, two, "match"), (two, three, "match"), (one, three, "non_match")]
    found = lessons(records, *rows)
    assert found.pairs.is_empty()
    assert found.usable is None
    assert len(found.notes) == 7
    assert found.notes[5:] == (
        "labels: 2 more contradictions among decisions are not trained on",
        "labels: none is left to train on",
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("k01", "gone", "match")],
            "labels: of decision 1 a record is in no source; what it says waits for it",
        ),
        (
            [("k01", f"gone{n}", "match") for n in range(7)],
            "labels: of decisions 1, 2, 3, 4, 5 and 2 more a record is in no source",
        ),
        (
            [("k01", "k10", "non_match")],
            "labels: none of the 1 labelled pairs is a match, so that they say nothing of m",
        ),
        (
            [("k01", "k02", "match")],
            "labels: all 1 labelled pairs are matches; no pair says what is none",
        ),
    ],
    ids=["unknown record", "unknown records", "non-matches alone", "matches alone"],
)
def test_labels_that_say_little(records: Records, rows: Sequence[Row], said: str) -> None:
    """Records that no source holds, and one class alone, are one clear line each."""
    found = lessons(records, *rows)
    assert any(note.startswith(said) for note in found.notes)
    assert (found.usable is None) == (not found.matches)


def test_no_labels_no_notes(records: Records) -> None:
    """Where nobody decided anything, nothing is said of it."""
    found = lessons_of(decisions(("k01", "k02", "match")).clear(), records)
    assert (found.notes, found.usable) == ((), None)


def test_notes_tell_no_record(records: Records) -> None:
    """What is said of labels names decisions by number, and no record."""
    found = lessons(records, ("k01", "k02", "match"), ("secret", "k03", "match"))
    assert "secret" not in " ".join(found.notes)
