"""What is written for lookups beside the segments."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linker.config import load_config
from linker.schemas import SENSITIVITIES
from linker.store.generation import current_generation
from linker.store.layout import open_store
from linker.store.lookup_index.guards import guards
from linker.store.lookup_index.write import by_entity, can_be_indexed
from linker.store.segment import OWN_FILE, UNMARKED
from tests.jobs.running import linked, run
from tests.jobs.world import changed, write_world


@given(rows=st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=40))
def test_mentions_entity_by_entity(rows: list[tuple[int, bool]]) -> None:
    """The living mentions of each entity stand together, ascending; the dead nowhere."""
    serials = np.array([serial for serial, _ in rows], dtype=np.int64)
    dead = np.array([gone for _, gone in rows], dtype=np.bool_)
    order, starts = by_entity(serials, dead)
    for serial in range(10):
        expected = [at for at, row in enumerate(rows) if row == (serial, False)]
        first, last = starts[serial : serial + 2].tolist() if serial + 1 < len(starts) else (0, 0)
        assert order[first:last].tolist() == expected


def marks(config: Path) -> dict[str, str | None]:
    """How guarded each record of a store is."""
    loaded = load_config(config)
    generation = current_generation(open_store(loaded.resolve(loaded.store.directory)))
    held = {entity: generation.warehouse(entity) for entity in generation.entity_types}
    found = {}
    for entity, ranks in guards(held).items():
        rows = held[entity].rows(held[entity].live, ["record_id"])["record_id"].to_list()
        for record, rank in zip(rows, ranks[held[entity].live].tolist(), strict=True):
            found[record] = None if rank == UNMARKED else SENSITIVITIES[rank]
    return found


def test_one_mark_guards_the_whole_case(world: Path) -> None:
    """Each mention of a case is as guarded as the strictest of them; others are not touched."""
    found = marks(world)
    assert found["k04"] == found["k05"] == "silent"
    assert found["k06"] == "pointer_only"
    assert found["k01"] is None
    assert found["k13"] is None


def test_a_mark_crosses_entity_types_and_nights(own: Path) -> None:
    """A mark on an organization guards the people of its case, and its end frees them.

    Their own segments never change.
    """
    assert marks(own)["k14"] is None
    write_world(own.parent, changed("f01", who_may_know="silent"))
    assert marks(linked(own))["k14"] == "silent"
    write_world(own.parent)
    assert marks(linked(own))["k14"] is None


def test_a_store_of_an_earlier_version_is_linked_anew(own: Path) -> None:
    """Segments without what lookups need are written again by the next run, by itself."""
    loaded = load_config(own)
    store = open_store(loaded.resolve(loaded.store.directory))
    for path in current_generation(store).directory.rglob(OWN_FILE):
        path.unlink()
    held = current_generation(store).warehouse("person")
    assert not can_be_indexed(held)
    done = run("link", "--config", own)
    assert done.code == 0
    assert "lookups need files that earlier versions did not write" in done.err
    assert can_be_indexed(current_generation(store).warehouse("person"))
    words = ("--name", "Wanda Kowalczyk", "--birth-date", "1970-01-30", "--json")
    assert run("lookup", "--config", own, *words).json["outcome"] == "HIT"
