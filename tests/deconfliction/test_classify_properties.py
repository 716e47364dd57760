from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.deconfliction.classify import classify

if TYPE_CHECKING:
    from conftest import World

AS_OF = dt.date(2024, 1, 6)

NewWorld = Callable[[], "World"]


@st.composite
def timelines(draw: st.DrawFn, statuses: tuple[str, ...]) -> str:
    """Status, opened, closed within ten days of January 2024; some missing, some inverted."""
    days = [f"2024-01-{day:02}" for day in range(1, 11)]
    return " ".join(
        [draw(st.sampled_from(statuses)), *(draw(st.sampled_from([*days, "-"])) for _ in range(2))]
    )


any_timeline = timelines(("open", "suspended", "closed", "closed", "reopened", "-"))


@st.composite
def worlds(draw: st.DrawFn) -> list[tuple[str, tuple[Any, ...]]]:
    """Steps that build a world: cases and contacts of few entities, pairs, shared identifiers."""
    entities = st.sampled_from(["P1", "P2", "P3"])
    steps: list[tuple[str, tuple[Any, ...]]] = []
    count = draw(st.integers(2, 7))
    times = {case_id: draw(any_timeline) for case_id in "abcd"}
    for number in range(count):
        record, entity = f"r{number}", draw(entities)
        if draw(st.integers(0, 4)):
            case_id = draw(st.sampled_from("abcd"))
            joint = draw(st.sampled_from([None, None, None, ["a"], ["b", "c"]]))
            steps.append(("case", (entity, case_id, times[case_id], record, joint)))
        else:
            steps.append(("contact", (entity, record)))
    records = st.integers(0, count - 1)
    for _ in range(draw(st.integers(0, 4))):
        left, right = draw(records), draw(records)
        if left != right:
            step = draw(st.sampled_from(["link", "confirmed", "possible", "shared"]))
            steps.append((step, (f"r{left}", f"r{right}")))
    return steps


def build(new_world: NewWorld, steps: list[tuple[str, tuple[Any, ...]]]) -> World:
    world = new_world()
    for step, values in steps:
        if step == "case":
            entity, case_id, timeline, record, joint = values
            world.case(entity, case_id, timeline, record=record, joint_case_ids=joint)
        elif step == "contact":
            world.add(*values, kind="arrest", arrest_id=values[1])
        elif step == "shared":
            world.shared.append((*values, ["phones"]))
        else:
            world.pair(*values, link=step != "possible", confirmed=step == "confirmed")
    return world


@settings(max_examples=30)
@given(worlds())
def test_one_class_for_an_ordered_pair_on_an_entity(
    new_world: NewWorld, steps: list[tuple[str, tuple[Any, ...]]]
) -> None:
    """No investigation sees another in two ways on one entity, and no row comes twice."""
    found = build(new_world, steps).classified(AS_OF)
    cases = found.filter(other_kind="case")
    classes = cases.group_by("entity_id", "agency", "case_id", "other_agency", "other_case_id").agg(
        pl.col("class").n_unique()
    )
    assert classes["class"].to_list() == [1] * classes.height
    assert found.unique().height == found.height


@settings(max_examples=30)
@given(worlds())
def test_what_is_mutual_is_seen_by_both(
    new_world: NewWorld, steps: list[tuple[str, tuple[Any, ...]]]
) -> None:
    """Every class but PRIOR holds in both directions; on one entity, with the same tier too."""
    found = build(new_world, steps).classified(AS_OF).filter(pl.col("other_kind") == "case")
    found = found.filter(~pl.col("class").is_in(["PRIOR", "SHARED_IDENTIFIER"]))
    on_one = found.filter(pl.col("other_entity_id").is_null())
    pair = ["case_id", "other_case_id"]
    for rows in (found.select("class", *pair), on_one.select("class", "tier", "entity_id", *pair)):
        seen = set(rows.iter_rows())
        assert seen == {(*rest, c, q) for *rest, q, c in seen}


@settings(max_examples=30)
@given(worlds())
def test_every_investigation_is_accounted_for(
    new_world: NewWorld, steps: list[tuple[str, tuple[Any, ...]]]
) -> None:
    """An investigation of an entity has a row, or another has PRIOR of it; NO_HIT stands alone."""
    world = build(new_world, steps)
    found = world.classified(AS_OF)
    classes = defaultdict(set)
    for row in found.iter_rows(named=True):
        classes[row["case_id"], row["entity_id"]].add(row["class"])
    seen = set(
        found.filter(pl.col("class") == "PRIOR")
        .select("other_case_id", pl.coalesce("other_entity_id", "entity_id"))
        .iter_rows()
    )
    expected = {
        (row["case_id"], world.entity_of[name])
        for name, row in world.records.items()
        if row.get("case_id")
    }
    assert expected == set(classes) | (seen & expected)
    assert all(found == {"NO_HIT"} for found in classes.values() if "NO_HIT" in found)


@settings(max_examples=30)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(
    new_world: NewWorld, steps: list[tuple[str, tuple[Any, ...]]], random: Any
) -> None:
    """Shuffled inputs, and pairs written the other way round, give the very same table."""
    world = build(new_world, steps)
    frames = [
        world.mentions(),
        world.membership(),
        world.pair_frame(),
        world.shared_frame(),
    ]
    shuffled = [frame[random.sample(range(frame.height), frame.height)] for frame in frames]
    turned = shuffled[2].rename({"mention_l": "mention_r", "mention_r": "mention_l"})
    mixed = classify(
        "person", shuffled[0], shuffled[1], turned.select(frames[2].columns), shuffled[3], AS_OF
    )
    assert mixed.equals(world.classified(AS_OF))


@settings(max_examples=30)
@given(timelines(("closed",)), timelines(("closed",)), st.integers(1, 12), st.integers(0, 5))
def test_time_moves_classes_one_way(
    new_world: NewWorld, q: str, c: str, day: int, later: int
) -> None:
    """As the as-of date moves on, SIMULTANEOUS may become an overlap of the past, never back."""
    steps = [("case", ("P1", name, line, name, None)) for name, line in (("Q", q), ("C", c))]
    world = build(new_world, steps)
    stages = {"INDETERMINATE": 0, "SIMULTANEOUS": 1, "HISTORICAL_OVERLAP": 2}
    first, second = (
        {(row[0], row[1]) for row in world.seen(dt.date(2024, 1, 1) + dt.timedelta(days=days))}
        for days in (day, day + later)
    )
    assert {row for row in first if row[1] == "PRIOR"} == {
        row for row in second if row[1] == "PRIOR"
    }
    then, now = (
        {case: stages[name] for case, name in rows if name in stages} for rows in (first, second)
    )
    assert then.keys() == now.keys()
    assert all(then[case] <= now[case] for case in then)
