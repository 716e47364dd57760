"""Many questions at once are answered as each would be alone."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.population import Plan, config_text, generate
from linker.config import load_config
from linker.deconfliction.disclose import REQUESTER, Viewer
from linker.errors import AccessError, LinkerError, QueryError, UsageError
from linker.lookup import bulk, candidates, scoring
from linker.lookup.bulk import Manner, answer_many, answers
from linker.lookup.desk import Desk, Told, open_desk
from linker.lookup.query import read_question
from linker.lookup.question import Question
from linker.schemas import EntityType
from tests.jobs.running import linked
from tests.jobs.world import POINTED, SHARED, SHY, TARGET

TODAY = dt.date(2026, 6, 30)
RECORDS = 3_000
MANAGER = Viewer("manager")
VIEWERS = (REQUESTER, MANAGER, Viewer("owner", "HSI", "Laredo"))
_READ = (
    *("name_as_given", "birth_date", "phones", "plates", "address", "city", "postal_code"),
    *("a_number", "aliases", "tax_id"),
)


@pytest.fixture(scope="module")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The published generation of an invented population."""
    directory: Path = tmp_path_factory.mktemp("populated")
    generate(Plan(RECORDS, 5, "parquet"), directory)
    config = directory / "linker.toml"
    text = config_text(str(directory), str(directory / "store"), "parquet", "both")
    config.write_text(text, encoding="utf-8")
    return open_desk(load_config(linked(config)))


@pytest.fixture(scope="module")
def desk(world: Path) -> Desk:
    return open_desk(load_config(world))


def drawn(desk: Desk, entity: EntityType, count: int, seed: int) -> list[Question]:
    """Questions about records, some of whose fields are left out, cut short or of another."""
    draw = random.Random(seed)
    index = desk.shelf(entity).index
    rows = [index.row(draw.randrange(index.held.total), _READ) for _ in range(count)]
    found = []
    for row, other in zip(rows, reversed(rows), strict=True):
        fields: dict[str, Any] = {}
        for name in _READ:
            value = (other if draw.random() < 0.1 else row)[name]
            if value is None or (name != "name_as_given" and draw.random() < 0.5):
                continue
            called = "full_name" if entity == "person" else "name"
            fields[called if name == "name_as_given" else name] = (
                value.isoformat() if isinstance(value, dt.date) else value
            )
        for name in ("a_number", "plates"):
            if name in fields and draw.random() < 0.5:
                known = fields[name] if isinstance(fields[name], str) else fields[name][0]
                fields[name] = f"{known[:4]}*"
        found.append(Question(entity, fields))
    return found


def alone(desk: Desk, question: Question, viewer: Viewer) -> Told | str:
    try:
        return desk.answer(question, viewer, TODAY)
    except (QueryError, UsageError) as error:
        return f"{type(error).__name__}: {error}"


def plain(told: Told | LinkerError) -> Told | str:
    return told if isinstance(told, Told) else f"{type(told).__name__}: {told}"


def check(desk: Desk, questions: list[Question], viewer: Viewer, threads: int = 2) -> list[Any]:
    """Hold the answers of a bulk against those of the questions alone."""
    together = [plain(one) for one in answer_many(desk, questions, viewer, TODAY, threads)]
    apart = [alone(desk, question, viewer) for question in questions]
    for place, (one, other) in enumerate(zip(together, apart, strict=True)):
        assert one == other, place
    return together


WORLD = [
    Question("person", {"full_name": TARGET["name"], "birth_date": TARGET["dob"]}),
    Question("person", {"full_name": SHY["name"], "birth_date": SHY["dob"]}),
    Question("organization", {"name": "Transportes Quetzal", "phones": ["9565550100"]}),
    Question("person", {"phones": SHARED["phone"], "plates": [SHARED["plate"]]}),
    Question("person", {"full_name": POINTED["name"]}),
    Question("person", {"full_name": "Xochitl Vandersteen", "birth_date": "1999-09-09"}),
    Question("person", {"plates": ["KTX9*"]}),
    Question("person", {"full_name": "Ana", "birth_date": "soon"}),
    Question("person", {"full_name": "x" * 2_000}),
    Question("person", {"birth_date": "1980-01-01"}),
    Question("person", {}),
    Question("person", {"name": "Ana"}),
    Question("person", {"full_name": TARGET["name"]}, until="1999-01-01"),
    Question("person", {"full_name": TARGET["name"]}, until="2999-01-01"),
    Question("person", {"full_name": TARGET["name"], "age": "40-44"}),
]


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.role)
def test_the_small_world(desk: Desk, viewer: Viewer) -> None:
    """Answers, alerts, refusals and their order are those of the questions alone."""
    together = check(desk, WORLD, viewer)
    kinds = {one.answer.outcome if isinstance(one, Told) else one[:10] for one in together}
    assert kinds == {"HIT", "NO_HIT", "SHARED_IDENTIFIER", "QueryError", "UsageError"}


@pytest.mark.parametrize("viewer", VIEWERS[:2], ids=lambda viewer: viewer.role)
def test_a_population(populated: Desk, viewer: Viewer) -> None:
    """So it is with messy questions about thousands of records, to the last bit of a weight."""
    questions = drawn(populated, "person", 160, 1) + drawn(populated, "organization", 60, 2)
    random.Random(3).shuffle(questions)
    together = check(populated, questions, viewer)
    assert sum(isinstance(one, Told) and bool(one.answer.hits) for one in together) > 100


def test_however_they_are_taken(populated: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not matter how many questions or candidates are taken together, by how many."""
    questions = drawn(populated, "person", 60, 4)
    usual = [plain(one) for one in answer_many(populated, questions, MANAGER, TODAY)]
    monkeypatch.setattr(bulk, "QUESTIONS_AT_ONCE", 7)
    monkeypatch.setattr(scoring, "MOST_TOGETHER", 11)
    for threads in (1, 4):
        found = answer_many(populated, questions, MANAGER, TODAY, threads)
        assert [plain(one) for one in found] == usual


def test_the_rest_is_compared_in_doubt(populated: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is not found among the first candidates gets the answer that all of them give.

    Where one is as good as found, the others are not looked at: hits may be fewer, but no other.
    """
    questions = drawn(populated, "person", 120, 6)
    whole = [plain(one) for one in answer_many(populated, questions, REQUESTER, TODAY)]
    monkeypatch.setattr(candidates, "FIRST_SCORED", 2)
    found = check(populated, questions, REQUESTER)
    in_doubt = 0
    for one, other in zip(found, whole, strict=True):
        if isinstance(one, str) or isinstance(other, str):
            assert one == other
        elif one.answer.candidates == other.answer.candidates:
            in_doubt += other.answer.candidates > 2
            assert one == other
        else:
            known = {hit.entity_id: hit.match_weight for hit in other.answer.hits}
            assert one.answer.hits
            assert all(hit.match_weight <= known[hit.entity_id] for hit in one.answer.hits)
    assert in_doubt > 10


def test_what_is_left_out_counts_for_nothing(
    populated: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts that meet none of the question's are left out, and no weight is another by it."""
    shelf = populated.shelf("person")
    every = np.arange(shelf.index.held.total, dtype=np.int32)[::7]
    asked = [read_question(one, TODAY) for one in drawn(populated, "person", 40, 8)]
    mentions = [shelf.scoring.compared(one.mention) for one in asked if one.mention]
    usual = [shelf.scoring.score(shelf.index, mention, every) for mention in mentions]
    columns = frozenset(shelf.scoring.scorer.layout.columns)
    monkeypatch.setattr(shelf.scoring, "_needed", lambda _: columns)
    for mention, found in zip(mentions, usual, strict=True):
        whole = shelf.scoring.score(shelf.index, mention, every)
        for name in ("weight", "identity", "confirmed", "found", "parts"):
            assert np.array_equal(getattr(whole.kept, name), getattr(found.kept, name)), name
        assert np.array_equal(whole.held, found.held)


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.role)
def test_without_words(desk: Desk, populated: Desk, viewer: Viewer) -> None:
    """Where only a table is wanted, evidence, summary and alerts are left out, and nothing else."""
    for asked, questions in ((desk, WORLD), (populated, drawn(populated, "person", 80, 9))):
        whole = [plain(one) for one in answers(asked, questions, Manner(viewer, TODAY))]
        brief = [
            plain(one) for one in answers(asked, questions, Manner(viewer, TODAY, whole=False))
        ]
        for one, other in zip(whole, brief, strict=True):
            if isinstance(one, Told):
                assert isinstance(other, Told)
                hits = [replace(hit, evidence=[], summary="") for hit in one.answer.hits]
                assert other == Told(replace(one.answer, hits=hits), [])
            else:
                assert one == other


def test_questions_are_taken_as_they_are_needed(desk: Desk) -> None:
    """However many there are, only some runs of them are in work at a time."""
    taken = 0

    def questions() -> Iterator[Question]:
        nonlocal taken
        for _ in range(5_000):
            taken += 1
            yield WORLD[5]

    found = answers(desk, questions(), Manner(REQUESTER, TODAY, threads=2))
    assert isinstance(next(found), Told)
    assert taken <= 3 * bulk.QUESTIONS_AT_ONCE
    found.close()  # type: ignore[attr-defined]


def test_nothing_is_asked_of_nobody(desk: Desk) -> None:
    """No questions have no answers, and an auditor's are refused as a single one is."""
    assert answer_many(desk, [], REQUESTER) == []
    with pytest.raises(AccessError, match="auditor asks nothing"):
        answer_many(desk, WORLD[:1], Viewer("auditor"))


def test_a_refusal_holds_nothing(desk: Desk) -> None:
    """An error that is handed back has no frames, which would keep a whole run in memory."""
    found = answer_many(desk, WORLD, REQUESTER, TODAY)
    errors = [one for one in found if isinstance(one, LinkerError)]
    assert len(errors) == 6
    assert [error.__traceback__ for error in errors] == [None] * 6
