"""Witnesses of m: labelled matches, and records that share a strong identifier."""

from __future__ import annotations

import polars as pl
import pytest

from linker.errors import ConfigError
from linker.training.estimate import Estimate, estimate
from linker.training.fitting import Fitting
from linker.training.witnesses import DECISIONS, of_decisions, of_identifier, witness_notes
from tests.training.simulated import Field, fitted, settings, simulate

FIELDS = (
    Field("surname", 100, 4, (0.8, 0.15, 0.05)),
    Field("given_name", 40, 2, (0.7, 0.1, 0.2)),
    Field("fingerprint_id", 9000, 4, (0.98, 0.01, 0.01), role="biometric"),
)
TWICE, ONCE = 400, 200
MENTIONS = simulate(FIELDS, TWICE, ONCE, 11)
MATCHES = pl.DataFrame(
    {
        "mention_l": list(range(TWICE)),
        "mention_r": [TWICE + ONCE + number for number in range(TWICE)],
        "is_match": [True] * TWICE,
    }
)
SESSIONS = {"sessions": [["surname"], ["given_name"], ["fingerprint_id"]]}


def plain(fitting: Fitting, labels: pl.DataFrame) -> dict[str, list[int]]:
    return of_decisions(fitting, labels).met


def test_labelled_matches_are_counted_by_the_level_they_meet() -> None:
    """The shares of the levels among true matches are the m that the records were drawn with."""
    with fitted(MENTIONS, settings(FIELDS), []) as fitting:
        witness = of_decisions(fitting, MATCHES)
    assert (witness.name, witness.pairs) == (DECISIONS, TWICE)
    for field in FIELDS:
        assert sum(witness.met[field.column]) == TWICE
        assert witness.m[field.column] == pytest.approx(field.m, abs=0.07)
    assert witness.used == {field.column for field in FIELDS}


def test_a_label_counts_once_whichever_way_round_and_however_often() -> None:
    """Two people who decided the same are one pair; non-matches and a record itself say nothing."""
    turned = MATCHES.select(mention_l="mention_r", mention_r="mention_l", is_match="is_match")
    others = pl.DataFrame({"mention_l": [1, 5], "mention_r": [2, 5], "is_match": [False, True]})
    with fitted(MENTIONS, settings(FIELDS), []) as fitting:
        once = plain(fitting, MATCHES)
        assert plain(fitting, pl.concat([MATCHES, turned, others])) == once
        assert plain(fitting, MATCHES.clear()) == {name: [0, 0, 0] for name in once}


def test_what_is_missing_is_not_compared() -> None:
    """A pair that lacks a value on either side counts for no level of its comparison."""
    lacking = MENTIONS.with_columns(surname=pl.when(pl.col("mention") >= 100).then("surname"))
    with fitted(lacking, settings(FIELDS), []) as fitting:
        assert sum(of_decisions(fitting, MATCHES).met["surname"]) == TWICE - 100


def test_records_that_share_an_identifier_tell_m_of_the_others() -> None:
    """The comparison that reads the identifier itself is left out: there they agree by choice."""
    with fitted(MENTIONS, settings(FIELDS), []) as fitting:
        witness = of_identifier(fitting, "fingerprint_id")
    assert set(witness.met) == {"surname", "given_name"}
    assert witness.m["given_name"] == pytest.approx(FIELDS[1].m, abs=0.1)
    assert witness.used == frozenset()


@pytest.fixture(scope="module")
def labelled() -> Estimate:
    given = settings(FIELDS, label_pairs=300, **SESSIONS)
    return estimate(MENTIONS, given, "person", "1", lambda _: None, labels=MATCHES)


def test_m_of_all_witnesses_is_shown_side_by_side(labelled: Estimate) -> None:
    """What is written has m by sessions, by decisions and by each identifier."""
    told = labelled.summary()["witnesses"]
    assert set(told) == {"em", "decisions", "strong_identifiers"}
    assert told["decisions"]["pairs"] == TWICE
    assert len(told["em"]["surname"]) == len(told["decisions"]["m"]["surname"]) == 3
    assert set(told["strong_identifiers"]) == {"fingerprint_id"}
    assert told["strong_identifiers"]["fingerprint_id"]["used"] == []


def test_labels_count_for_m_each_as_one_match(labelled: Estimate) -> None:
    """m is that of sessions, labels and the configured one, by how many matches each stands for."""
    saw = [session for session in labelled.sessions if "surname" in session.m]
    by_sessions = sum(session.matches * session.m["surname"][0] for session in saw)
    counts = labelled.witnesses[0].met["surname"]
    whole = sum(session.matches for session in saw) + sum(counts) + 50
    expected = (by_sessions + counts[0] + 50 * 0.7) / whole
    assert labelled.model.comparison("surname").levels[1].m == pytest.approx(expected, rel=1e-6)
    assert any("counts 400 labelled matches" in note for note in labelled.notes)


def test_few_labels_are_shown_and_do_not_count(labelled: Estimate) -> None:
    """A handful of labels is what people picked, not what matches are like."""
    given = settings(FIELDS, label_pairs=300, **SESSIONS)
    few = estimate(MENTIONS, given, "person", "1", lambda _: None, labels=MATCHES.head(50))
    without = estimate(MENTIONS, given, "person", "1", lambda _: None)
    assert few.model == without.model
    assert few.model != labelled.model
    assert any("50 labelled matches are too few to count" in note for note in few.notes)
    assert without.summary()["witnesses"]["decisions"] is None


def test_an_identifier_counts_where_the_configuration_says_so() -> None:
    """Those who have such numbers may be unlike others, so that it has to be asked for."""
    given = settings(FIELDS, use_strong_identifiers=True, label_pairs=100)
    with fitted(MENTIONS, given, []) as fitting:
        witness = of_identifier(fitting, "fingerprint_id")
    assert witness.used == {"surname", "given_name"}
    (note,) = witness_notes([witness], 100)
    assert note.startswith("m of 2 comparisons counts")


@pytest.mark.parametrize("column", ["fingerprint", "phones"])
def test_an_identifier_that_is_no_column_of_text_is_refused(column: str) -> None:
    """A misspelt identifier would silently witness nothing, and a list is no identifier."""
    given = settings(FIELDS, strong_identifiers=[column])
    with pytest.raises(ConfigError, match=f"{column!r} is no column of text that person"):
        estimate(MENTIONS, given, "person", "1", lambda _: None)
