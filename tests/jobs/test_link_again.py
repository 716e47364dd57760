"""Linking again: what is unchanged stays, byte for byte, and every change is in the ledger."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl

from linker.store.generation import Generation
from linker.store.layout import open_store
from tests.jobs.running import (
    entity_of,
    everything,
    exports,
    linked,
    run,
    table,
)
from tests.jobs.world import (
    CASE_COLUMNS,
    CONFIG,
    changed,
    csv_text,
    usual_rows,
    write_world,
)


def events(config: Path, generation: int) -> list[tuple[Any, ...]]:
    """What the ledger says of a generation: event, entity, other entity, records."""
    ledger = table(config, "ledger").filter(pl.col("generation") == generation)
    return sorted(ledger.select("event", "entity_id", "other_entity_id", "records").rows())


def moved(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The record ids whose entity is another one."""
    return {record for record in before if after.get(record) != before[record]}


def test_where_nothing_changed_nothing_is_published(own: Path) -> None:
    """A second run on the same input says so and leaves everything as it is."""
    before = everything(own.parent / "store" / "generations")
    done = run("link", "--config", own)
    assert done.code == 0
    assert "nothing changed since generation 1" in done.err
    assert (own.parent / "store" / "CURRENT").read_text() == "1\n"
    assert everything(own.parent / "store" / "generations") == before


def test_linking_anew_gives_the_same_bytes(own: Path) -> None:
    """All mentions linked anew, on the same input, export the same bytes, ids and ledger."""
    before = exports(own)
    assert run("link", "--config", own, "--full").code == 0
    assert exports(own) == before
    assert (own.parent / "store" / "CURRENT").read_text() == "2\n"
    assert events(own, 2) == []


def test_every_entity_of_a_first_run_is_created(world: Path) -> None:
    """The ledger of a first run says of each entity that it was created, and with how many."""
    entities = table(world, "entities")
    sizes = entities.group_by("entity_id").len().rows()
    created = [(entity, records) for _, entity, _, records in events(world, 1)]
    assert sorted(created) == sorted(sizes)
    ledger = table(world, "ledger")
    assert set(ledger["event"]) == {"created"}
    assert ledger["model"].str.contains(r"^(person|organization)/\w+@[0-9a-f]{8}$").all()


def test_a_changed_record_moves_alone(own: Path) -> None:
    """A record that becomes someone else's leaves its entity; no other record's entity changes."""
    before = entity_of(own)
    write_world(own.parent, changed("a01", name="Torbjorn Lindqvist", dob="1957-09-21"))
    after = entity_of(linked(own))
    assert moved(before, after) == {"a01"}
    assert after["a01"] not in set(before.values())
    assert events(own, 2) == [
        ("changed", before["k01"], None, 3),
        ("created", after["a01"], None, 1),
        ("split", after["a01"], before["k01"], 1),
    ]


def test_a_changed_value_that_moves_nobody_is_no_event(own: Path) -> None:
    """A telephone that a record gains changes its weights at most, not its entity."""
    before = entity_of(own)
    write_world(own.parent, changed("k10", phone="512-555-0123"))
    assert entity_of(linked(own)) == before
    assert events(own, 2) == []


def test_a_merge_and_its_undoing(own: Path) -> None:
    """Two entities that turn out to be one keep the older id; parted again, the part gets a new."""
    first = entity_of(own)
    write_world(own.parent, changed("k10", name="Hilario Cantoral Meza", dob="1968-07-19"))
    second = entity_of(linked(own))
    survivor = older(own, first["k10"], first["k11"])
    absorbed = first["k10"] if survivor == first["k11"] else first["k11"]
    assert {second[record] for record in ("k10", "k11", "k12", "a03")} == {survivor}
    assert events(own, 2) == [("changed", survivor, None, 4), ("merged", absorbed, survivor, 0)]

    write_world(own.parent)
    third = entity_of(linked(own))
    assert {third[record] for record in ("k11", "k12", "a03")} == {survivor}
    assert third["k10"] not in set(first.values()) | set(second.values())
    assert ("split", third["k10"], survivor, 1) in events(own, 3)
    others = set(first) - {"k10", "k11", "k12", "a03"}
    assert all(first[record] == second[record] == third[record] for record in others)


def older(config: Path, one: str, other: str) -> str:
    """Which of two entities got its id first: the one with the smaller serial number."""
    store = open_store(config.parent / "store")
    membership = Generation(1, store.generation(1)).read("membership_person")
    serials = dict(membership.select("entity_id", "serial").iter_rows())
    return min(one, other, key=lambda entity: serials[entity])


def test_an_entity_whose_records_are_gone_is_retired(own: Path) -> None:
    """A snapshot without a record retires its entity; the others keep theirs."""
    before = entity_of(own)
    rows = usual_rows()
    rows["arrests"] = [row for row in rows["arrests"] if row["id"] != "a04"]
    write_world(own.parent, rows)
    after = entity_of(linked(own))
    assert before.keys() - after.keys() == {"a04"}
    assert all(before[record] == entity for record, entity in after.items())
    assert events(own, 2) == [("retired", before["a04"], None, 0)]


def test_the_order_of_records_and_files_does_not_matter(world: Path, tmp_path: Path) -> None:
    """Records in another order, in several files, give the same entities, pairs and meetings."""
    rows = usual_rows()
    draw = random.Random(20)
    for listed in rows.values():
        draw.shuffle(listed)
    config = write_world(
        tmp_path / "shuffled", rows, CONFIG.replace('"cases.csv"', '["b_*.csv", "a_*.csv"]')
    )
    config.with_name("cases.csv").unlink()
    cut = draw.randrange(1, len(rows["cases"]))
    for name, part in (("a_1", rows["cases"][cut:]), ("b_1", rows["cases"][:cut])):
        config.with_name(f"{name}.csv").write_text(csv_text(part, CASE_COLUMNS))
    tables = ("entities", "pairs", "investigations")
    assert exports(linked(config), tables) == exports(world, tables)
    columns = ["event", "entity_id", "other_entity_id", "records"]
    assert table(config, "ledger").select(columns).equals(table(world, "ledger").select(columns))


def test_old_generations_go_and_half_deleted_ones_do_not_show(own: Path) -> None:
    """Only as many generations are kept as configured; what a killed run half deleted is gone."""
    own.write_text(own.read_text().replace('"store"', '"store"\nkeep_generations = 2'))
    generations = own.parent / "store" / "generations"
    (generations / ".removed-000000").mkdir()
    for name in ("Zdenka Horakova", "Zdenka Novotna"):
        write_world(own.parent, changed("a04", name=name), own.read_text())
        linked(own)
    assert sorted(path.name for path in generations.iterdir()) == ["000002", "000003"]
    status = run("status", "--config", own, "--json").json
    assert [row["number"] for row in status["generations"]] == [2, 3]
    assert [row["published"] for row in status["generations"]] == [False, True]
