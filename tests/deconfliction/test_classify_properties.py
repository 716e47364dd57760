from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from linker.deconfliction.classify import classify, classify_in_parts
from linker.schemas import INVESTIGATIONS, empty

if TYPE_CHECKING:
    from conftest import World

AS_OF = dt.date(2024, 1, 6)

NewWorld = Callable[[], "World"]
Step = tuple[str, tuple[Any, ...]]


@st.composite
def timelines(draw: st.DrawFn, statuses: tuple[str, ...]) -> str:
    """Status, opened, closed within ten days of January 2024; some missing, some inverted."""
    days = [f"2024-01-{day:02}" for day in range(1, 11)]
    return " ".join(
        [draw(st.sampled_from(statuses)), *(draw(st.sampled_from([*days, "-"])) for _ in range(2))]
    )


@st.composite
def sound_timelines(draw: st.DrawFn) -> str:
    """Closed after it opened and before the as-of date, or still active."""
    opened, closed = sorted(draw(st.tuples(st.integers(1, 5), st.integers(1, 5))))
    active = [f"{status} 2024-01-0{opened} -" for status in ("open", "suspended", "reopened")]
    return draw(
        st.sampled_from([f"closed 2024-01-0{opened} 2024-01-0{closed}", active[closed % 3]])
    )


any_timeline = st.one_of(
    sound_timelines(),
    sound_timelines(),
    sound_timelines(),
    timelines(("open", "suspended", "closed", "reopened", "-")),
)


@st.composite
def parts(draw: st.DrawFn) -> list[Step]:
    """Steps that build a world: cases and contacts of few entities, pairs, shared identifiers."""
    entities = st.sampled_from(["P1", "P2", "P3"])
    steps: list[Step] = []
    count = draw(st.integers(2, 7))
    times = {case_id: draw(any_timeline) for case_id in "abcd"}
    for number in range(count):
        record, entity = f"r{number}", draw(entities)
        if draw(st.integers(0, 4)):
            case_id = draw(st.sampled_from("abcd"))
            joint = draw(st.sampled_from([(), (), (), ("a",), ("b", "c")]))
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


# Parts that have nothing to do with each other are classified in one go: a call costs the same.
worlds = st.lists(parts(), min_size=3, max_size=8)


def build(new_world: NewWorld, drawn: list[list[Step]]) -> World:
    world = new_world()
    for number, steps in enumerate(drawn):
        for step, values in steps:
            add_step(world, f"{number}", step, values)
    return world


def add_step(world: World, part: str, step: str, values: tuple[Any, ...]) -> None:
    if step == "case":
        entity, case_id, timeline, record, joint = values
        joint_case_ids = [part + other for other in joint]
        record = part + record
        world.case(
            part + entity, part + case_id, timeline, record=record, joint_case_ids=joint_case_ids
        )
        return
    left, right = (part + name for name in values)
    if step == "contact":
        world.add(left, right, kind="arrest", arrest_id=right)
    elif step == "shared":
        world.shared.append((left, right, ["phones"]))
    else:
        world.pair(left, right, link=step != "possible", confirmed=step == "confirmed")


def views_of(world: World) -> set[tuple[str, str]]:
    """(case, entity) of every mention of an investigation."""
    rows = world.records.items()
    return {(row["case_id"], world.entity_of[name]) for name, row in rows if "case_id" in row}


def entities_near(world: World) -> dict[str, set[str]]:
    """Of each entity: itself, and those that a possible link joins with it."""
    near = {entity: {entity} for entity in world.entity_of.values()}
    for left, right, link, _ in world.pairs:
        if not link:
            near[world.entity_of[left]].add(world.entity_of[right])
            near[world.entity_of[right]].add(world.entity_of[left])
    return near


def meets_something(world: World, q: str, entity: str) -> bool:
    """Whether an investigation meets anything on an entity, by looking at every record."""
    case_of = {name: row.get("case_id") for name, row in world.records.items()}
    joint = {
        frozenset([row["case_id"], other])
        for row in world.records.values()
        for other in row.get("joint_case_ids", ())
    }
    met = {
        case_of[name]
        for name, owner in world.entity_of.items()
        if owner in entities_near(world)[entity]
    }
    for left, right, _ in world.shared:
        for here, there in ((left, right), (right, left)):
            elsewhere = world.entity_of[there]
            if world.entity_of[here] == entity != elsewhere:
                met |= {case_of[there]} - {None}
                if case_of[here] == q:
                    met |= {case for case, owner in views_of(world) if owner == elsewhere}
    return any(c is None or (c != q and {q, c} not in joint) for c in met)


@settings(max_examples=10)
@given(worlds)
def test_one_class_for_an_ordered_pair_on_an_entity(
    new_world: NewWorld, drawn: list[list[Step]]
) -> None:
    """No investigation sees another in two ways on one entity, and no row comes twice.

    Seen on the entity itself, it is not seen through another entity too.
    """
    found = build(new_world, drawn).classified(AS_OF)
    cases = found.filter(other_kind="case")
    seen = cases.group_by("entity_id", "agency", "case_id", "other_agency", "other_case_id").agg(
        pl.col("class").n_unique(), rows=pl.len(), itself=pl.col("other_entity_id").is_null().any()
    )
    assert seen.filter((pl.col("class") > 1) | (pl.col("itself") & (pl.col("rows") > 1))).is_empty()
    assert found.unique().height == found.height


@settings(max_examples=10)
@given(worlds)
def test_what_is_mutual_is_seen_by_both(new_world: NewWorld, drawn: list[list[Step]]) -> None:
    """Every class but PRIOR holds in both directions; on one entity, with the same tier too."""
    found = build(new_world, drawn).classified(AS_OF).filter(pl.col("other_kind") == "case")
    found = found.filter(~pl.col("class").is_in(["PRIOR", "SHARED_IDENTIFIER"]))
    on_one = found.filter(pl.col("other_entity_id").is_null())
    pair = ["case_id", "other_case_id"]
    for rows in (found.select("class", *pair), on_one.select("class", "tier", "entity_id", *pair)):
        seen = set(rows.iter_rows())
        assert seen == {(*rest, c, q) for *rest, q, c in seen}


@settings(max_examples=10)
@given(worlds)
def test_every_investigation_is_accounted_for(new_world: NewWorld, drawn: list[list[Step]]) -> None:
    """An investigation of an entity has a row, or another has PRIOR of it.

    The PRIOR may be told of another entity of the two investigations, if a possible link joins it.
    """
    world = build(new_world, drawn)
    found = world.classified(AS_OF)
    near = entities_near(world)
    told = {
        (row["other_case_id"], entity)
        for row in found.filter(pl.col("class") == "PRIOR").iter_rows(named=True)
        for entity in near[row["entity_id"]]
    }
    assert views_of(world) <= told | set(found.select("case_id", "entity_id").iter_rows())


@settings(max_examples=10)
@given(worlds)
def test_no_hit_is_said_of_what_meets_nothing(new_world: NewWorld, drawn: list[list[Step]]) -> None:
    """NO_HIT stands alone, for all investigations that meet nothing and for no other."""
    world = build(new_world, drawn)
    found = world.classified(AS_OF)
    view = ["case_id", "entity_id"]
    missed = set(found.filter(pl.col("class") == "NO_HIT").select(view).iter_rows())
    assert missed == {it for it in views_of(world) if not meets_something(world, *it)}
    assert missed.isdisjoint(found.filter(pl.col("class") != "NO_HIT").select(view).iter_rows())


@settings(max_examples=10)
@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(
    new_world: NewWorld, drawn: list[list[Step]], random: Any
) -> None:
    """Shuffled inputs, and pairs written the other way round, give the very same table."""
    world = build(new_world, drawn)
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


@settings(max_examples=20)
@given(worlds, st.integers(1, 3))
def test_parts_make_up_the_whole(
    new_world: NewWorld, drawn: list[list[Step]], at_once: int
) -> None:
    """However few entities a part tells of, the parts one after the other are the whole table."""
    world = build(new_world, drawn)
    parts = classify_in_parts(
        "person",
        world.mentions(),
        world.membership(),
        world.pair_frame(),
        world.shared_frame(),
        AS_OF,
        at_once,
    )
    assert pl.concat([empty(INVESTIGATIONS), *parts]).equals(world.classified(AS_OF))


@settings(max_examples=10)
@given(
    st.lists(st.tuples(timelines(("closed",)), timelines(("closed",))), min_size=1, max_size=8),
    st.integers(1, 12),
    st.integers(0, 5),
)
def test_time_moves_classes_one_way(
    new_world: NewWorld, drawn: list[tuple[str, str]], day: int, later: int
) -> None:
    """As the as-of date moves on, SIMULTANEOUS may become an overlap of the past, never back."""
    world = new_world()
    for number, (q, c) in enumerate(drawn):
        world.case(f"P{number}", f"Q{number}", q).case(f"P{number}", f"C{number}", c)
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
