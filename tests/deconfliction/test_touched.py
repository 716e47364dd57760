"""Entities told anew after a night: with yesterday's rows of all others, what the whole says."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from linker.deconfliction.changed_cases import investigations_more
from linker.deconfliction.left_out import left_out_after
from linker.deconfliction.night import Night
from linker.deconfliction.tell_anew import tell_anew
from linker.deconfliction.touched import Touched, touched_entities
from linker.schemas import INVESTIGATIONS, empty
from tests.deconfliction.nights import ORDER, Pair, State, ids, whole, whole_and_left_out

DAYS = [dt.date(2024, 1, day) for day in range(1, 12)]

TIMES = {
    "1": {"status": "open", "opened": DAYS[1], "closed": None},
    "2": {"status": "open", "opened": DAYS[4], "closed": None},
    "3": {"status": "closed", "opened": DAYS[0], "closed": DAYS[3]},
    "4": {"status": "reopened", "opened": DAYS[0], "closed": DAYS[6]},
}
ENTITIES = 6
SOME = 10
"""Mentions are drawn by a number below this, and counted round those of a part."""


def record_of(seed: int) -> dict[str, Any]:
    """Return a record made up by chance, of few values; few but those of cases are of a case.

    Most records of a case agree on when it was.
    """
    draw = random.Random(seed)
    days = [None, *DAYS]
    values: dict[str, list[Any]] = {
        "source": ["a", "b"],
        "kind": ["case", "case", "case", "arrest", "intel", "other", "other"],
        "agency": ["A", "A", None],
        "unit": [None, "u", "v"],
        "joint_case_ids": [None, None, None, None, [], ["1"], ["2", "3"]],
        "status": ["open", "open", "closed", "reopened", None],
        "opened": days,
        "closed": days,
        "phones": [None, None, ["1"], ["2"], ["3", "4"], ["1", "5"]],
        "address": [None, None, "x", "y"],
        "city": [None, "c"],
        "postal_code": [None, "9", "c"],
        "passport": [None, None, None, "p", "q"],
    }
    row = {name: draw.choice(some) for name, some in values.items()}
    if (row["kind"] == "case") == (draw.random() < 0.85):
        row["case_id"] = draw.choice("1234")
        if draw.random() < 0.9:
            row |= TIMES[row["case_id"]]
    return row


# a whole record is one number to Hypothesis, which can then draw many of them
arrival = st.tuples(st.integers(0, 2**32).map(record_of), st.integers(0, ENTITIES - 1))
which = st.integers(0, SOME - 1)
pair = st.tuples(
    which,
    which,
    st.sampled_from([1.0, 2.0, 3.0]),
    st.sampled_from([-1.0, 5.0]),
    st.booleans(),
    st.booleans(),
)
PARTS = 8
"""Parts of a world have nothing to do with each other; all of them together cost what one does."""
change = st.fixed_dictionaries(
    {},
    optional={
        "new": st.lists(arrival, max_size=2),
        "gone": st.lists(which, max_size=1),
        "moved": st.lists(st.tuples(which, st.integers(0, ENTITIES - 1)), max_size=1),
        "pairs": st.lists(pair, max_size=2),
        "void": st.lists(which, max_size=1),
    },
)
begun = st.fixed_dictionaries(
    {"new": st.lists(arrival, max_size=9), "pairs": st.lists(pair, max_size=4)}
)
night = st.tuples(
    st.lists(change, min_size=PARTS, max_size=PARTS), st.sampled_from([None, None, *DAYS])
)


def in_part(part: int, row: dict[str, Any]) -> dict[str, Any]:
    """Return a record whose values no other part has; record ids are in no order of arrival."""
    own = {"case_id", "address", "passport"}
    lists = {"phones", "joint_case_ids"}
    return {
        name: f"{part}-{value}"
        if name in own and value
        else [f"{part}-{one}" for one in value]
        if name in lists and value
        else value
        for name, value in row.items()
    }


def changed(state: State, part: int, drawn: dict[str, Any], own: list[int]) -> None:
    """Change a part of a state; `own` are the numbers of its mentions."""
    for row, serial in drawn.get("new", []):
        own.append(len(state.records))
        name = f"r{len(state.records) * 37 % 1009:04}"
        state.records.append({**in_part(part, row), "record_id": name})
        state.serials.append(part * ENTITIES + serial)
    if not own:
        return
    for number in drawn.get("gone", []):
        state.serials[own[number % len(own)]] = -1
    for number, serial in drawn.get("moved", []):
        if state.serials[own[number % len(own)]] >= 0:
            state.serials[own[number % len(own)]] = part * ENTITIES + serial
    for number in drawn.get("void", []):
        held = [one for one in state.pairs if one[0] in own]
        if held:
            state.pairs.remove(held[number % len(held)])
    for left, right, *rest in drawn.get("pairs", []):
        ends = sorted((own[left % len(own)], own[right % len(own)]))
        if ends[0] != ends[1] and not any([*one[:2]] == ends for one in state.pairs):
            state.pairs.append((*ends, *rest))


def after(
    state: State, drawn: list[dict[str, Any]], as_of: dt.date | None, own: list[list[int]]
) -> State:
    """Return the state after a night that changes each part."""
    now = State([*state.records], [*state.serials], [*state.pairs], as_of or state.as_of)
    for part, some in enumerate(drawn):
        changed(now, part, some, own[part])
    now.pairs = now.living_pairs()
    return now


def night_between(before: State, now: State, max_entities: int) -> Night:
    altered: set[Pair] = set(before.living_pairs()) ^ set(now.living_pairs())
    ends = {"mention_l": [one[0] for one in altered], "mention_r": [one[1] for one in altered]}
    return Night(
        now.warehouse(),
        np.array(before.serials, dtype=np.int64),
        now.pair_frame(),
        pl.DataFrame(ends, schema={"mention_l": pl.Int64, "mention_r": pl.Int64}),
        before.as_of,
        now.as_of,
        max_entities,
    )


def investigations(*states: State) -> int:
    """Return how many investigations there are, counted record by record."""
    named = set()
    for state in states:
        for number, (row, serial) in enumerate(zip(state.records, state.serials, strict=True)):
            if serial >= 0 and row.get("case_id"):
                named.add((row.get("agency") or row["source"], row["case_id"]))
            elif serial >= 0 and row["kind"] == "case":
                named.add((id(state), number))
    return len(named)


def told_after(
    rows: pl.DataFrame, night: Night, most: int, in_one_world: int = 1000
) -> tuple[pl.DataFrame, Touched]:
    """Return yesterday's rows with those of entities told anew in the place of theirs."""
    touched = touched_entities(night)
    parts = list(tell_anew(night, touched.tell, ids, most, in_one_world))
    anew = pl.concat([empty(INVESTIGATIONS), *parts])
    assert set(anew["entity_id"]) <= set(ids(touched.tell))
    kept = rows.filter(~pl.col("entity_id").is_in(ids(touched.told).implode()))
    merged = pl.concat([kept, anew]).sort(ORDER, nulls_last=True)
    return merged.with_columns(as_of=pl.lit(night.as_of)), touched


@settings(max_examples=25)
@given(
    st.lists(begun, min_size=PARTS, max_size=PARTS),
    st.lists(night, min_size=1, max_size=3),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from([1000, 1000, 4]),
)
def test_told_anew_with_the_others_of_yesterday_is_the_whole(
    first: list[Any], nights: list[Any], max_entities: int, most: int, in_one_world: int
) -> None:
    """After any nights, with limits that are crossed all the time, the table is that of a full run.

    Records come, go, and move between entities; pairs come and go; the date goes on and back.
    """
    own: list[list[int]] = [[] for _ in first]
    state = after(State(), first, None, own)
    rows, left_out = whole_and_left_out(state, max_entities, most)
    for drawn, as_of in nights:
        now = after(state, drawn, as_of, own)
        between = night_between(state, now, max_entities)
        rows, touched = told_after(rows, between, most, in_one_world)
        left_out = left_out_after(between, left_out)
        full, full_left_out = whole_and_left_out(now, max_entities, most)
        assert rows.rows() == full.rows()
        assert left_out.rows() == full_left_out.rows()
        assert investigations_more([between]) == investigations(now) - investigations(state)
        event(f"left alone: {len(set(now.serials) - {-1} - set(touched.told.tolist())) // 5 * 5}")
        state = now


Change = Callable[[State], object]
OPEN = {"kind": "case", "agency": "A", "status": "open", "opened": dt.date(2024, 1, 2)}
A, B, E, F, G = range(5)


def state_of(*rows: tuple[int, dict[str, Any]], pairs: tuple[Pair, ...] = ()) -> State:
    """Return a state of records, each with its entity."""
    records = [{"source": "s", "record_id": f"r{n}", **row} for n, (_, row) in enumerate(rows)]
    return State(records, [serial for serial, _ in rows], [*pairs])


def possible(left: int, right: int, identity: float = 5.0) -> Pair:
    return left, right, 3.0, identity, False, False


def told_when(state: State, change: Change, **limits: int) -> set[int]:
    """Return the entities told of anew after a change, having compared the rows with a full run."""
    now = State([*state.records], [*state.serials], [*state.pairs], state.as_of)
    change(now)
    between = night_between(state, now, limits.get("max_entities", 20))
    most = limits.get("most", 100)
    merged, touched = told_after(whole(state, between.max_entities, most), between, most)
    assert merged.rows() == whole(now, between.max_entities, most).rows()
    return set(touched.told.tolist())


def test_a_case_of_two_entity_types_counts_once() -> None:
    """The first record of it is one investigation more, and the last one that goes one fewer."""
    none, one = state_of(), state_of((A, {**OPEN, "case_id": "1"}))
    gone = State(one.records, [-1], [])
    for now in ((one, none), (none, one), (one, one)):
        nights = [night_between(none, state, 20) for state in now]
        assert investigations_more(nights) == 1
    assert investigations_more([night_between(one, gone, 20), night_between(one, one, 20)]) == 0
    assert investigations_more([night_between(one, gone, 20), night_between(none, one, 20)]) == 0
    assert investigations_more([night_between(one, gone, 20)]) == -1
    assert investigations_more([]) == 0


def test_nothing_changed_tells_nothing() -> None:
    """A night without changes, and one that only dates pass which no case has, touch nobody."""
    state = state_of((A, {**OPEN, "case_id": "1"}), (B, {**OPEN, "case_id": "2"}))
    assert told_when(state, lambda _: None) == set()
    assert told_when(state, lambda now: setattr(now, "as_of", dt.date(2024, 1, 9))) == set()
    back = dt.date(2024, 1, 1)
    assert told_when(state, lambda now: setattr(now, "as_of", back)) == {A, B}


def test_a_mention_that_leaves_takes_its_possible_links_along() -> None:
    """Who might have been the entity that it was of is told anew, though it is of none now."""
    state = state_of(
        (A, {**OPEN, "case_id": "1"}),
        (A, {"kind": "other"}),
        (E, {**OPEN, "case_id": "2"}),
        (F, {**OPEN, "case_id": "3"}),
        pairs=(possible(1, 2),),
    )
    assert told_when(state, lambda now: now.serials.__setitem__(1, B)) == {A, B, E}


def test_a_case_that_closes_is_told_to_all_on_it_and_who_meets_them() -> None:
    """One record of a case changed: its other targets, and those they meet, are told anew."""
    state = state_of(
        (A, {**OPEN, "case_id": "1"}),
        (B, {**OPEN, "case_id": "1", "phones": ["1"]}),
        (E, {**OPEN, "case_id": "2", "phones": ["1"]}),
        (F, {**OPEN, "case_id": "3"}),
        (G, {**OPEN, "case_id": "4", "phones": ["2"]}),
        pairs=(possible(1, 3),),
    )

    def close(now: State) -> None:
        now.serials[0] = -1
        shut = {"status": "closed", "closed": dt.date(2024, 1, 4), "record_id": "r0"}
        now.records.append({**now.records[0], **shut})
        now.serials.append(A)

    assert told_when(state, close) == {A, B, E, F}


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        ({"unit": "u"}, True),
        ({"joint_case_ids": ["2"]}, True),
        ({"joint_case_ids": ["2"], "record_id": "r9"}, True),
        ({"record_id": "r9"}, False),
        ({"unit": "u", "joint_case_ids": ["9"], "record_id": "r9"}, True),
        ({"phones": ["7"], "record_id": "r9"}, False),
    ],
)
def test_what_a_record_adds_to_its_case_is_told_to_the_others_on_it(
    row: dict[str, Any], seen: bool
) -> None:
    """A unit, a joint case, an earlier first record: not what says nothing new of the case."""
    state = state_of((A, {**OPEN, "case_id": "1"}), (A, {**OPEN, "case_id": "2"}))

    def add(now: State) -> None:
        now.records.append({"source": "s", "record_id": "a", **OPEN, "case_id": "1", **row})
        now.serials.append(B)

    assert told_when(state, add) == ({A, B} if seen else {B})


def test_the_order_of_a_crowd_follows_the_first_records_of_its_cases() -> None:
    """Told of one other case of three, an entity is told of another when that has a new first."""
    state = state_of(
        *((A, {**OPEN, "case_id": case, "record_id": f"r{case}"}) for case in "123"),
    )

    def add(now: State) -> None:
        now.records.append({"source": "s", "record_id": "a", **OPEN, "case_id": "3"})
        now.serials.append(B)

    assert told_when(state, add, most=1) == {A, B}


def test_who_has_no_case_takes_no_place_among_those_a_value_is_shared_with() -> None:
    """Of two that share with a case, the one with a case is told though the other comes first."""
    state = state_of(
        (E, {"kind": "arrest", "phones": ["1"], "record_id": "a"}),
        (A, {**OPEN, "case_id": "1", "phones": ["1"]}),
        (B, {**OPEN, "case_id": "2"}),
        (B, {"kind": "other", "phones": ["1"]}),
    )
    rows = whole(state, 20, 1)
    assert rows.filter(case_id="1")["class"].to_list() == ["SHARED_IDENTIFIER"]
    assert told_when(state, lambda now: now.serials.__setitem__(0, -1), most=1) == {E}


def test_a_record_taken_in_again_touches_its_own_entity_and_whom_that_meets() -> None:
    """Nothing is told otherwise of its case, so others on that are left alone."""
    state = state_of((A, {**OPEN, "case_id": "1"}), (B, {**OPEN, "case_id": "1"}))

    def again(now: State) -> None:
        now.serials[0] = -1
        now.records.append(now.records[0])
        now.serials.append(A)

    assert told_when(state, again) == {A}


@pytest.mark.parametrize(("limit", "expected"), [(2, {A, B, E}), (3, {E}), (1, {E})])
def test_all_holders_are_told_when_their_number_passes_the_limit(
    limit: int, expected: set[int]
) -> None:
    """An arrest takes a telephone over the limit: nobody is told to share it any more."""
    state = state_of(
        (A, {**OPEN, "case_id": "1", "phones": ["1"]}),
        (B, {**OPEN, "case_id": "2", "phones": ["1"]}),
        (F, {**OPEN, "case_id": "3", "phones": ["2"]}),
    )

    def arrest(now: State) -> None:
        row = {"source": "s", "record_id": "r9", "kind": "arrest", "phones": ["1"]}
        now.records.append(row)
        now.serials.append(E)

    def release(now: State) -> None:
        now.serials[-1] = -1

    assert told_when(state, arrest, max_entities=limit) == expected
    arrest(state)
    assert told_when(state, release, max_entities=limit) == expected


def test_an_association_that_ends_is_a_possible_link_again() -> None:
    """Sharing hides a possible link that only contacts make; who ceases to share is told of it."""
    arrest = {"kind": "arrest", "arrest_id": "n", "phones": ["1"]}
    state = state_of(
        (A, {**OPEN, "case_id": "1", "phones": ["1"]}),
        (B, {"kind": "arrest", "arrest_id": "m"}),
        (B, arrest),
        pairs=(possible(0, 1, identity=-1.0),),
    )
    assert told_when(state, lambda now: now.serials.__setitem__(2, -1)) == {A, B}
