"""Each event names what made it: the heaviest link, the decision, the cut, or the record itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from linker.entities.causes import causes
from linker.entities.component import Rules
from linker.entities.decisions import DECIDED, UNDECIDED, Conflict, Decided
from linker.entities.hold import CUTS, REASONS
from linker.entities.identity import MEMBERSHIP, Identities, identify
from linker.schemas import empty
from tests.entities.test_identity import STAMP, clusters, ids

Link = tuple[str, str, float]
LINK = 1.0
LEFT_OVER = (
    ", since their sources hold no duplicates and neither record of it has another partner there"
)


def named(
    labels: dict[str, int],
    links: list[Link],
    before: Identities | None = None,
    together: list[tuple[str, str]] | None = None,
    cuts: list[tuple[str, str, float, str]] | None = None,
    decided: Decided = UNDECIDED,
) -> Identities:
    """Name clusters of records, which are numbered in their order."""
    place = {name: number for number, name in enumerate(sorted(labels))}
    rows = [(place[left], place[right], weight, True) for left, right, weight in links]
    schema = {"mention_l": pl.Int64, "mention_r": pl.Int64, "match_weight": pl.Float64}
    pairs = pl.DataFrame(rows, schema={**schema, "link": pl.Boolean}, orient="row").with_columns(
        identity_weight=pl.lit(0.0), confirmed=pl.lit(value=False)
    )
    lost = [(place[left], place[right], weight, cut) for left, right, weight, cut in cuts or []]
    if together:
        joined = [(place[left], place[right], 5, "r.vega") for left, right in together]
        decided = Decided(pl.DataFrame(joined, schema=DECIDED, orient="row"), empty(DECIDED))
    firsts: dict[int, int] = {}
    for name in sorted(labels):
        firsts.setdefault(labels[name], place[name])
    cluster_of = np.array([firsts[labels[name]] for name in sorted(labels)], dtype=np.int64)
    parted = pl.DataFrame(lost, schema=CUTS, orient="row")
    why = causes(pairs, cluster_of, parted, decided, Rules(LINK, 1000))
    return identify(
        "person",
        clusters(labels),
        before.membership if before else empty(MEMBERSHIP),
        before.next_serial if before else 0,
        17,
        STAMP,
        why,
    )


def told(found: Identities, event: str) -> list[tuple[Any, ...]]:
    """The two records, the weight, the decision and the reason of each event of a kind."""
    columns = ["record_id", "other_record_id", "match_weight", "decision", "reason"]
    return found.ledger.filter(event=event).sort("record_id").select(columns).rows()


def test_a_created_entity_names_its_heaviest_link() -> None:
    """Or, where nothing joins its one record to another, that record."""
    links = [("a", "b", 9.0), ("b", "c", 12.0), ("a", "c", 12.0)]
    found = named({"a": 0, "b": 0, "c": 0, "d": 3}, links)
    assert told(found, "created") == [
        ("a", "c", 12.0, None, "links join these records"),
        ("d", None, None, None, "no link joins this record to another"),
    ]


def test_an_entity_that_a_decision_made_names_the_decision() -> None:
    """The number and the author stand for it, before any link."""
    found = named({"a": 0, "b": 0}, [("a", "b", 9.0)], together=[("a", "b")])
    reason = "decision 5 of r.vega joins these records"
    assert told(found, "created") == [("a", "b", None, 5, reason)]


def test_a_merge_names_the_link_between_the_two_entities() -> None:
    """A heavier link to a new record does not stand for it where one joins the two."""
    first = named({"a": 0, "b": 0, "c": 2}, [("a", "b", 30.0)])
    links = [("a", "b", 30.0), ("b", "c", 7.0), ("a", "c", 8.0), ("c", "d", 20.0)]
    second = named(dict.fromkeys("abcd", 0), links, first)
    merged = "links join its records to the other entity's"
    assert told(second, "merged") == [("c", "a", 8.0, None, merged)]
    assert told(second, "changed") == [("a", "c", 8.0, None, "gained 2 records, lost 0")]


def test_a_merge_over_a_new_record_names_the_link_to_it() -> None:
    """Where no link joins the two entities themselves, the one to what stands between is named."""
    first = named({"a": 0, "c": 2}, [])
    second = named(dict.fromkeys("abc", 0), [("a", "b", 9.0), ("b", "c", 7.0)], first)
    assert [row[:3] for row in told(second, "merged")] == [("c", "b", 7.0)]
    assert [row[:3] for row in told(second, "changed")] == [("a", "b", 9.0)]


def test_a_merge_by_decision_names_the_decision() -> None:
    """Both the entity that goes and the one that gains its records do."""
    first = named({"a": 0, "b": 1}, [])
    second = named({"a": 0, "b": 0}, [], first, together=[("a", "b")])
    merged = "decision 5 of r.vega joins its records to the other entity's"
    assert told(second, "merged") == [("b", "a", None, 5, merged)]
    gained = "gained 1 records, lost 0; decision 5 of r.vega joins them"
    assert told(second, "changed") == [("a", "b", None, 5, gained)]


def test_a_split_names_the_cut_or_the_record_that_left() -> None:
    """A link that was cut is named with its reason; else the part's first record."""
    first = named(dict.fromkeys("abcd", 0), [])
    labels = {"a": 0, "b": 0, "c": 2, "d": 3}
    second = named(labels, [], first, cuts=[("b", "c", 9.0, "custody")])
    unlinked = "no link joins these records to the other entity's any more"
    assert told(second, "split") == [
        ("c", "b", 9.0, None, REASONS["custody"]),
        ("d", None, None, None, unlinked),
    ]


def test_a_split_by_decision_names_the_decision() -> None:
    """Also where the decision is about other records of the two than the link that was cut."""
    first = named(dict.fromkeys("abc", 0), [])
    apart = pl.DataFrame([(0, 2, 8, "r.vega")], schema=DECIDED, orient="row")
    parted = Decided(empty(DECIDED), apart)
    cuts = [("b", "c", 9.0, "decision")]
    second = named({"a": 0, "b": 0, "c": 2}, [], first, cuts=cuts, decided=parted)
    reason = "decision 8 of r.vega says that they are not one"
    assert told(second, "split") == [("c", "b", 9.0, 8, reason)]


def test_a_decision_that_is_not_followed_is_a_cut() -> None:
    """It parts its two records, and the path of decisions is the reason."""
    conflict = Conflict(6, 1, 2, 8, (5, 6))
    first = named({"a": 0, "b": 0, "c": 0}, [])
    decided = Decided(empty(DECIDED), empty(DECIDED), (conflict,))
    second = named({"a": 0, "b": 0, "c": 2}, [], first, decided=decided)
    assert told(second, "split") == [("c", "b", None, 6, conflict.text)]
    assert "5, 6" in conflict.text


@pytest.mark.parametrize("gone", [True, False])
def test_an_entity_that_only_lost_names_the_first_record_it_lost(gone: bool) -> None:
    """Whether it is gone from its source or another's now."""
    first = named(dict.fromkeys("abcd", 0), [])
    labels = {"a": 0, "d": 0} | ({} if gone else {"b": 1, "c": 1})
    second = named(labels, [], first)
    assert told(second, "changed") == [("b", None, None, None, "gained 0 records, lost 2")]


def test_a_retired_entity_names_its_first_record() -> None:
    """The record is gone; its entity's last row tells which it was."""
    first = named({"a": 0, "b": 1, "c": 1}, [])
    second = named({"a": 0}, [], first)
    assert [row[:2] for row in told(second, "retired")] == [("b", None)]
    assert second.ledger["entity_id"].to_list() == [ids(first)["c"]]


def test_what_joins_records_of_two_clusters_joins_nothing() -> None:
    """A link that was cut is named by no creation."""
    found = named({"a": 0, "b": 0, "c": 2}, [("a", "b", 5.0), ("b", "c", 30.0)])
    assert [row[:3] for row in told(found, "created")] == [("a", "b", 5.0), ("c", None, None)]


def test_a_link_of_what_is_left_over_is_told_as_such() -> None:
    """A link below the link threshold says why it is one; beside another link it is not named."""
    joins = f"a link joins these records{LEFT_OVER}"
    assert told(named({"a": 1, "b": 1}, [("a", "b", 0.5)]), "created") == [
        ("a", "b", 0.5, None, joins)
    ]
    both = [("a", "b", 0.5), ("b", "c", 1.5)]
    assert told(named({"a": 1, "b": 1, "c": 1}, both), "created") == [
        ("b", "c", 1.5, None, "links join these records")
    ]
    before = named({"a": 1, "b": 2, "c": 2}, [("b", "c", 1.5)])
    after = named({"a": 1, "b": 1, "c": 1}, both, before)
    assert told(after, "merged") == [
        ("b", "a", 0.5, None, f"a link joins its records to the other entity's{LEFT_OVER}")
    ]
    (changed,) = told(after, "changed")
    assert changed[-1] == f"gained 2 records, lost 0{LEFT_OVER}"
