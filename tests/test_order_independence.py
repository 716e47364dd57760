"""Whatever came in whatever order: pairs, entities and investigations are those of a fresh run.

A small world changes, night after night, and after every night the store is held against one that
was made from scratch over the final state. ``make test-long`` looks for longer.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from linker.errors import LinkerError
from linker.schemas import ENTITY_TYPES, EntityType
from tests.increments.identities import Identities
from tests.increments.models import write_models
from tests.increments.sources import (
    COMMON,
    DAY_FIRST,
    MONTH_FIRST,
    NAMELESS,
    SOURCES,
    TARGETS,
    UNREADABLE,
    Arriving,
    Row,
)
from tests.increments.world import ANCHOR, Published, Record, World, link_quietly

NUMBERS = tuple("12345")
"""Record ids of each source besides the anchor; few, so that records come again."""
TOLERANCE = 1e-12
"""Of match weights, in bits."""
LONG = settings.get_current_profile_name() == "long"
SETTINGS = settings(
    max_examples=300 if LONG else 5 if settings.get_current_profile_name() == "dev" else 3,
    stateful_step_count=30 if LONG else 10,
    # a step takes a second, so that shrinking an example takes minutes
    phases=[phase for phase in Phase if LONG or phase is not Phase.shrink],
)


def rows_of(source: str) -> st.SearchStrategy[Row]:
    """Rows of a source: of one of few targets but for a value or two, or of a few columns."""
    shape = SOURCES[source]
    values = {name: st.sampled_from(them) for name, them in shape.values.items()}
    others = {name: them for name, them in values.items() if name not in TARGETS[shape.entity][0]}
    some = st.sampled_from(sorted(values)).flatmap(
        lambda name: st.fixed_dictionaries({name: values[name]})
    )
    return st.one_of(
        st.tuples(st.sampled_from(TARGETS[shape.entity]), st.fixed_dictionaries(others)).map(
            lambda parts: parts[0] | parts[1]
        ),
        st.tuples(
            st.sampled_from(TARGETS[shape.entity]), st.fixed_dictionaries(others), some, some
        ).map(lambda parts: parts[0] | parts[1] | parts[2] | parts[3]),
        some,
        st.just({name: text for name, text in NAMELESS.items() if name in values}),
    )


def records_of(entity_type: EntityType) -> list[Record]:
    """All records that there may be of an entity type."""
    names = [name for name, shape in SOURCES.items() if shape.entity == entity_type]
    return [(name, number) for name in names for number in (ANCHOR, *NUMBERS)]


def holders_of(column: str) -> list[Record]:
    """All records that may have a column."""
    names = [name for name, shape in SOURCES.items() if column in shape.values]
    return [(name, number) for name in names for number in NUMBERS]


COMING = st.sampled_from(sorted(SOURCES)).flatmap(
    lambda source: st.tuples(
        st.just("come"),
        st.just(source),
        st.dictionaries(st.sampled_from(NUMBERS), rows_of(source), min_size=1, max_size=3),
    )
)
GOING = st.tuples(
    st.just("go"),
    st.sampled_from(sorted(SOURCES)),
    st.sets(st.sampled_from(NUMBERS), min_size=1, max_size=3),
)
VALUES = st.sampled_from(
    sorted(
        {
            (column, value)
            for shape in SOURCES.values()
            for column, values in shape.values.items()
            for value in values
            if value and column in {"name", "firm", "prints", "a_no", "tax", "phone", "case"}
        }
    )
)
SHARED = VALUES.flatmap(
    lambda value: st.tuples(
        st.just("share"),
        st.just(value),
        st.sets(st.sampled_from(holders_of(value[0])), min_size=2, max_size=5),
        st.booleans(),
    )
)
DECIDED = st.sampled_from(ENTITY_TYPES).flatmap(
    lambda entity_type: st.tuples(*[st.sampled_from(records_of(entity_type))] * 2).filter(
        lambda records: records[0] != records[1]
    )
)
VERDICTS = st.sampled_from(["match", "non_match", "unsure"])
CHANGE = st.one_of(
    COMING,
    COMING,
    GOING,
    SHARED,
    SHARED,
    st.tuples(st.just("lose"), VALUES),
    st.tuples(st.just("tell"), st.sampled_from([DAY_FIRST, MONTH_FIRST, UNREADABLE, ""])),
    st.tuples(st.just("decide"), DECIDED, VERDICTS),
    st.tuples(st.just("wait"), st.integers(1, 2)),
)
"""Something that happens before a night: a method of `Nights`, and what it is given."""
BASE = st.fixed_dictionaries(
    {
        source: st.dictionaries(st.sampled_from(NUMBERS), rows_of(source), min_size=3)
        for source in SOURCES
    }
)


class Nights(RuleBasedStateMachine):
    """A store that is linked again and again, and what it is held against."""

    models: dict[EntityType, Path]
    increments = 0

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp(prefix="nights-"))
        self.identities = {entity_type: Identities() for entity_type in ENTITY_TYPES}
        self.generation = 0
        """That is published, 0 where what has arrived was refused."""

    @initialize(
        arriving=st.sampled_from(["one file each night", "one file overwritten"]),
        base=BASE,
        anew_beyond=st.sampled_from([100.0, 100.0, 100.0, 0.3]),
    )
    def first_night(
        self, arriving: Arriving, base: dict[str, dict[str, Row]], anew_beyond: float
    ) -> None:
        """A new store is linked."""
        self.anew_beyond = anew_beyond
        self.world = World(self.models, arriving)
        for source, rows in base.items():
            self.come(source, rows)
        (self.directory / "store_and_sources").mkdir()
        self.link()

    @rule(changes=st.lists(CHANGE, min_size=1, max_size=4))
    def night(self, changes: list[tuple[Any, ...]]) -> None:
        """After some changes the store is what a run from scratch makes."""
        for method, *given in changes:
            getattr(self, method)(*given)
        self.link()

    @rule()
    def night_without_news(self) -> None:
        """Where nothing changed, nothing is published."""
        if self.generation:
            config = self.world.write_news(self.directory / "store_and_sources")
            assert link_quietly(config) == (self.generation, False)

    def come(self, source: str, rows: dict[str, Row]) -> None:
        """Records come, come again, or have other values."""
        for number, row in rows.items():
            self.world.put(source, number, row)

    def go(self, source: str, numbers: set[str]) -> None:
        """Records go."""
        for number in sorted(numbers & self.world.rows[source].keys()):
            self.world.take(source, number)

    def share(self, value: tuple[str, str], holders: set[Record], bare: bool) -> None:
        """Records take one value all: a key may become over-full, a value demoted.

        Bare ones say nothing else, so that no other key finds them.
        """
        column, text = value
        for source, number in sorted(holders):
            others = dict.fromkeys(SOURCES[source].values, "") if bare else {}
            self.world.put(source, number, others | {column: text})

    def lose(self, value: tuple[str, str]) -> None:
        """Whoever holds a value but the first loses it: a key may have room again."""
        column, text = value
        holders = [
            (source, number)
            for source, rows in self.world.rows.items()
            for number, row in rows.items()
            if row.get(column) == text and number != ANCHOR
        ]
        for source, number in holders[1:]:
            self.world.put(source, number, {column: ""})

    def tell(self, date: str) -> None:
        """A record shows how its source writes dates, or that it cannot."""
        self.world.put("cases", ANCHOR, {"dob": date})

    def decide(self, records: tuple[Record, Record], verdict: str) -> None:
        """Someone decides what two records are to each other, whether they are there or not."""
        self.world.decide(*records, verdict)

    def wait(self, days: int) -> None:
        """Investigations are judged at a later date."""
        self.world.step(days)

    def link(self) -> None:
        """Link the store, and another one from scratch, and compare what they publish."""
        config = self.world.write_news(self.directory / "store_and_sources")
        fresh = self.world.write_whole(self.directory / "fresh")
        try:
            link_quietly(fresh)
        except LinkerError:
            with pytest.raises(LinkerError):
                link_quietly(config)
            self.generation = 0
        else:
            self.generation, increment = link_quietly(config, anew_beyond=self.anew_beyond)
            type(self).increments += increment
            self.world.taken()
            self.compare(Published(config), Published(fresh))
        shutil.rmtree(self.directory / "fresh")

    def compare(self, found: Published, expected: Published) -> None:
        for entity_type in ENTITY_TYPES:
            assert found.partition(entity_type) == expected.partition(entity_type)
            self.identities[entity_type].follow(found.entities[entity_type])
        ours, theirs = found.pairs(), expected.pairs()
        assert ours.keys() == theirs.keys()
        for pair, weights in theirs.items():
            assert ours[pair] == pytest.approx(weights, rel=0, abs=TOLERANCE), pair
        assert found.investigations() == expected.investigations()
        found.has_a_whole_ledger()

    def teardown(self) -> None:
        """Leave no files."""
        shutil.rmtree(self.directory)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[EntityType, Path]:
    return write_models(tmp_path_factory.mktemp("models"), COMMON)


BARE = dict.fromkeys(SOURCES["listed"].values, "")
ALIKE = BARE | {"name": "Juan Vega", "sex": "M"}
"""A name that is rare enough for a pair, and that no other key finds."""
STRANGERS = (
    {"1": {"name": "Ana Cruz", "dob": "1950-03-04", "prints": "FP71"}},
    {"2": {"name": "Ana Cruz", "dob": "1950-04-03", "prints": "FP71"}},
    {"3": {"name": "Pilar Soto", "dob": "1962-07-08", "prints": "FP71"}},
)
NIGHTS: dict[str, list[list[tuple[Any, ...]]]] = {
    "a key becomes over-full, and has room again": [
        [("come", "arrests", dict.fromkeys("123", ALIKE))],
        [("come", "cases", {"1": ALIKE})],
        [("come", "arrests", {"4": ALIKE})],
        [("go", "arrests", {"2", "4"})],
    ],
    "a value is demoted, and is evidence again": [
        [("come", "arrests", STRANGERS[0]), ("come", "arrests", STRANGERS[1])],
        [("come", "arrests", STRANGERS[2])],
        [("go", "arrests", {"3"})],
    ],
    "a source turns out to write the day first, and then not": [
        [("come", "cases", {"1": {"name": "Ana Cruz", "dob": "03/04/1950"}})],
        [("come", "arrests", {"1": {"name": "Ana Cruz", "dob": "1950-04-03"}})],
        [("tell", DAY_FIRST)],
        [("tell", "")],
    ],
    "people decide, about records that are there and that come later": [
        [("come", "arrests", STRANGERS[0] | STRANGERS[1])],
        [("decide", (("arrests", "1"), ("arrests", "2")), "non_match")],
        [("decide", (("arrests", "1"), ("listed", "3")), "match")],
        [("come", "listed", {"3": {"name": "Pilar Soto"}})],
    ],
}


@pytest.mark.parametrize("nights", NIGHTS.values(), ids=NIGHTS)
def test_what_happens_seldom(
    nights: list[list[tuple[Any, ...]]], models: dict[EntityType, Path]
) -> None:
    """What depends on all records is after each night as in a run from scratch."""

    class Machine(Nights):
        pass

    Machine.models = models
    state = Machine()
    try:
        state.first_night("one file each night", {}, 100.0)
        for changes in nights:
            state.night(changes)
    finally:
        state.teardown()
    assert Machine.increments == len(nights)


def test_the_order_of_arrival_does_not_matter(models: dict[EntityType, Path]) -> None:
    """Any sequence of additions, changes and removals ends as a run over the final state does."""

    class Machine(Nights):
        pass

    Machine.models = models
    run_state_machine_as_test(Machine, settings=SETTINGS)
    assert Machine.increments
