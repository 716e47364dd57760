"""A night told from a warehouse on disk: mapped columns and keys in two segments."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from linker.deconfliction.night import Night
from linker.night.index_files import write_index
from linker.store.mention_table import held_in_memory
from linker.store.segment import write_facts
from linker.store.warehouse import Warehouse, open_warehouse, write_arrays
from tests.deconfliction.nights import State, whole
from tests.deconfliction.test_touched import night_between, told_after

BEGAN, CAME, ENTITIES = 120, 10, 60


def organization(draw: random.Random, number: int) -> dict[str, Any]:
    """Return a record of few values, of a case or of an arrest."""
    case = draw.random() < 0.6
    return {
        "source": draw.choice("ab"),
        "record_id": f"r{number * 37 % 1009:04}",
        "kind": "case" if case else "arrest",
        "case_id": f"c{draw.randrange(30)}" if case else None,
        "agency": draw.choice(["A", None]),
        "status": draw.choice(["open", "closed"]),
        "opened": dt.date(2024, 1, draw.randint(1, 5)),
        "closed": draw.choice([None, dt.date(2024, 1, draw.randint(5, 9))]),
        "phones": draw.choice([None, [f"{draw.randrange(60)}", f"{draw.randrange(60)}"]]),
        "tax_id": draw.choice([None, f"{draw.randrange(60)}"]),
        "address": draw.choice([None, f"{draw.randrange(20)} M"]),
        "city": draw.choice([None, "X", "Y"]),
    }


def written(directory: Path, state: State) -> Warehouse:
    """Write what a state holds as two segments, and open it."""
    directory.mkdir()
    mentions = state.warehouse().mentions
    for first, part in ((0, mentions[:BEGAN]), (BEGAN, mentions[BEGAN:])):
        segment = directory / "segments" / f"{first:06}"
        segment.mkdir(parents=True)
        part.write_parquet(segment / "mentions.parquet")
        held = held_in_memory(state.entity_type, part)
        write_facts(segment, state.entity_type, held, first, 1)
        write_index(segment / "keys", state.entity_type, held, first)
    serials = np.array(state.serials, dtype=np.int64)
    write_arrays(directory, dead=serials < 0, serials=serials)
    return open_warehouse(state.entity_type, directory)


def test_a_warehouse_on_disk_tells_what_the_whole_says(tmp_path: Path) -> None:
    """Organizations that came, went and moved in a night, read from mapped files, as in memory."""
    told = 0
    for seed in range(3):
        draw = random.Random(seed)
        records = [organization(draw, number) for number in range(BEGAN + CAME)]
        serials = [draw.randrange(ENTITIES) for _ in records]
        ends = [sorted(draw.sample(range(len(records)), 2)) for _ in range(60)]
        pairs = [
            (left, right, draw.choice([1.0, 2.0]), draw.choice([-1.0, 5.0]), False, False)
            for left, right in sorted({(left, right) for left, right in ends})
        ]
        old = [pair for pair in pairs if pair[1] < BEGAN]
        before = State(records[:BEGAN], serials[:BEGAN], old, entity_type="organization")
        for number in draw.sample(range(BEGAN), 6):
            serials[number] = draw.choice([-1, draw.randrange(ENTITIES)])
        after = State(records, serials, pairs, dt.date(2024, 1, 7), "organization")
        night = night_between(before, after, 3)
        disk: Night = replace(night, warehouse=written(tmp_path / f"{seed}", after))
        rows = whole(before, 3, 3)
        merged, touched = told_after(rows, disk, 3)
        assert merged.rows() == whole(after, 3, 3).rows()
        in_memory, same = told_after(rows, night, 3)
        assert merged.equals(in_memory)
        assert [each.tolist() for each in touched] == [each.tolist() for each in same]
        told += len(touched.tell)
    assert 0 < told < 3 * ENTITIES
