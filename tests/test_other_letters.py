"""People whose records have their names in their own letters, and in Latin ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.running import entity_of, linked, run

PAIRS = [
    ("محمد المصري", "Mohammed Al-Masri", "1971-03-14"),
    ("عبد الرحمن الخطيب", "Abdulrahman Khatib", "1983-11-02"),
    ("דוד כהן", "David Cohen", "1966-07-21"),
    ("नरेंद्र सिंह", "Narendra Singh", "1990-01-17"),
    ("Татьяна Васильева", "Tatiana Vasilieva", "1978-05-09"),
    ("박지성", "Park Ji-sung", "1981-02-25"),
    ("สมชาย บุญมี", "Somchai Bunmi", "1975-12-30"),
    ("Ευάγγελος Παπαδόπουλος", "Evangelos Papadopoulos", "1969-10-08"),
]
CONFIG = """\
[store]
directory = "store"

[[source]]
name = "given"
path = "given.csv"
kind = "arrest"
entity = "person"
record_id = "number"

[source.fields]
full_name = "name"
birth_date = "born"
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every person twice: numbers 1, 3, 5 in their own letters, the next one in Latin ones."""
    directory = tmp_path_factory.mktemp("letters")
    names = [(name, born) for own, latin, born in PAIRS for name in (own, latin)]
    lines = [f"{number},{name},{born}" for number, (name, born) in enumerate(names, 1)]
    (directory / "given.csv").write_text("number,name,born\n" + "\n".join(lines), encoding="utf-8")
    config = directory / "linker.toml"
    config.write_text(CONFIG, encoding="utf-8")
    return linked(config)


def test_one_person_in_two_scripts_is_one_entity(store: Path) -> None:
    """A name in its bearer's letters and in Latin ones, with one birth date, is one person."""
    entities = entity_of(store)
    for first in range(1, 2 * len(PAIRS), 2):
        assert entities[str(first)] == entities[str(first + 1)], PAIRS[first // 2][1]
    assert len(set(entities.values())) == len(PAIRS)


@pytest.mark.parametrize(("own", "latin", "born"), PAIRS, ids=[latin for _, latin, _ in PAIRS])
def test_a_question_in_either_script_finds_the_person(
    store: Path, own: str, latin: str, born: str
) -> None:
    """Whichever letters a question is asked in, it has the same answer."""
    found = []
    for name in (own, latin):
        words = ("--name", name, "--birth-date", born, "--json")
        found.append(run("lookup", "--config", store, *words).json["hits"][0]["entity_id"])
    assert found[0] == found[1]
