"""Where true pairs are lost, on a world so small that every pair can be counted by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from benchmarks import commands
from benchmarks.accuracy.groups import UNHARMED, by_missing, by_value, findable
from benchmarks.accuracy.losses import Judged, candidates, judge, shares, true_pairs
from benchmarks.real.dataset import FileSource, real_set
from linker.blocking.runs import runs_of
from linker.config import load_config
from linker.store.generation import Generation, current_generation
from linker.store.layout import open_store

Frame = pl.DataFrame


def records_of(*true: str) -> Frame:
    return pl.DataFrame({"mention": range(len(true)), "true_id": true})


def test_true_pairs() -> None:
    """Every two records of one entity, once, the smaller number left."""
    assert true_pairs(records_of("a", "b", "a", "a")).rows() == [(0, 2), (0, 3), (2, 3)]


def test_candidates_share_a_run() -> None:
    """A true pair is a candidate if some run of some rule holds both of its records."""
    records = records_of("a", "a", "b", "a", "b")
    import numpy as np

    def part(rule: int, *runs: list[int]) -> Any:
        members = np.array([one for run in runs for one in run], dtype=np.int32)
        return rule, members, np.array([len(run) for run in runs], dtype=np.int64)

    runs = runs_of([part(0, [0, 1, 2], [2, 3]), part(3, [0, 1], [1, 4])])
    true = true_pairs(records)
    assert true.rows() == [(0, 1), (0, 3), (1, 3), (2, 4)]
    assert candidates(true, records, runs).to_list() == [True, False, False, False]
    assert not candidates(true, records, runs_of([])).any()


PEOPLE = [
    # record, name, birth date, telephone, who, what happened to it
    ("0", "Xaviera Quillfeather", "1971-05-17", "202-555-0143", "a", []),
    ("1", "Xaviera Quillfeather", "1971-05-17", "202-555-0143", "a", []),
    ("2", "Moss Thornbury", "1988-11-02", None, "a", ["name_changed"]),  # shares nothing
    ("3", "Ignatius Velde", "1969-02-08", "202-555-0177", "b", []),
    ("4", "Imogen Carstairs", "1944-09-30", "202-555-0177", "b", ["birth_date_wrong", "careless"]),
    ("5", "Perpetua Okonjo-Brandt", "1990-01-31", None, "c", []),
    ("6", None, None, None, "c", []),  # no mention: nobody is named
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Judged, Generation]:
    """Seven records linked by the product, judged."""
    work = tmp_path_factory.mktemp("tiny")
    names = ["id", "name", "born", "phone", "true_id", "kinds"]
    people = pl.DataFrame(
        PEOPLE, schema=names, orient="row", schema_overrides={"kinds": pl.List(pl.String)}
    )
    people.select(names[:4]).write_csv(work / "people.csv")
    fields = {"full_name": "name", "birth_date": "born", "phones": "phone"}
    source = FileSource("people", work / "people.csv", "person", "id", fields)
    truth = people.select(
        "kinds",
        "true_id",
        entity_type=pl.lit("person"),
        source=pl.lit("people"),
        record_id="id",
        culture=pl.when(pl.col("true_id") == "a").then(pl.lit("north")).otherwise(pl.lit("south")),
        findable=pl.col("id") != "2",
    )
    config = work / "linker.toml"
    text = real_set("tiny", [source], truth).config
    text = text.replace("[source.fields]", "bad_row_limit = 0.5\n[source.fields]")
    config.write_text(text, encoding="utf-8")
    commands.run("link", "--config", str(config))
    generation = current_generation(open_store(work / "store"))
    settings = load_config(config).person
    return judge(generation, "person", settings, truth), generation


def test_the_split_of_a_tiny_world(tiny: tuple[Judged, Generation]) -> None:
    """Of five true pairs one is found, two have no key, one is refused, one is no mention."""
    judged, _ = tiny
    found = judged.pairs.select("mention_l", "mention_r", "candidate", "link", "together").rows()
    assert found == [
        (0, 1, True, True, True),
        (0, 2, False, False, False),
        (1, 2, False, False, False),
        (3, 4, True, False, False),
    ]
    assert judged.absent == 1
    counted = shares(judged.pairs, judged.links, judged.absent)
    assert counted["true_pairs"] == 5
    assert counted["recall"] == 1 / 5
    assert counted["blocking_recall"] == 2 / 5
    assert counted["scoring_recall"] == 1 / 2
    parts = ("recall", "lost_to_quarantine", "lost_to_blocking", "lost_to_scoring")
    assert [counted[part] for part in parts] == [1 / 5, 1 / 5, 2 / 5, 1 / 5]
    assert (counted["links"], counted["link_precision"]) == (1, 1.0)


def test_by_what_is_missing(tiny: tuple[Judged, Generation]) -> None:
    """A pair counts where either record lacks the field; fields that nobody has are left out."""
    judged, generation = tiny
    found = by_missing(judged, generation, "person")
    assert {name: values["true_pairs"] for name, values in found.items()} == {
        "complete": 2,
        "no_contact": 2,
    }
    assert found["complete"]["recall"] == 1 / 2
    assert found["no_contact"]["lost_to_blocking"] == 1.0


def test_by_culture_and_kind_of_error(tiny: tuple[Judged, Generation]) -> None:
    """A pair belongs to what the truth says of either of its records, once a value."""
    judged, _ = tiny
    cultures = by_value(judged, "culture")
    assert {name: values["true_pairs"] for name, values in cultures.items()} == {
        "north": 3,
        "south": 1,
    }
    kinds = by_value(judged, "kinds")
    counts = {name: (values["true_pairs"], values["recall"]) for name, values in kinds.items()}
    assert counts == {
        "birth_date_wrong": (1, 0.0),
        "careless": (1, 0.0),
        "name_changed": (2, 0.0),
        UNHARMED: (1, 1.0),
    }
    assert by_value(judged, "no_such_column") == {}


def test_findable_pairs_alone(tiny: tuple[Judged, Generation]) -> None:
    """Records that nothing gives away are left out, where the truth says which they are."""
    judged, _ = tiny
    found = findable(judged)
    assert found is not None
    assert (found["true_pairs"], found["lost_to_blocking"]) == (2, 0.0)
    silent = Judged(judged.records.drop("findable"), judged.pairs, judged.links, judged.absent)
    assert findable(silent) is None


def test_links_are_judged_by_themselves() -> None:
    """The precision of links counts each link, not what clusters made of it."""
    links = pl.DataFrame({"mention_l": [0, 1], "mention_r": [1, 2], "right": [True, False]})
    none = pl.DataFrame(schema=dict.fromkeys(("candidate", "kept", "link", "together"), pl.Boolean))
    found = shares(none, links)
    assert found["link_precision"] == 0.5
    assert (found["recall"], found["lost_to_scoring"]) == (1.0, 0.0)
