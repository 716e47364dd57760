from __future__ import annotations

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.errors import UsageError
from linker.training.metrics import Accuracy, measure

Labels = list[int | None]

# The predicted and true label of each record; None: the record lacks one.
labels = st.lists(
    st.tuples(
        st.none() | st.integers(min_value=0, max_value=4),
        st.none() | st.integers(min_value=0, max_value=4),
    ),
    max_size=25,
)


def partition(values: Labels, column: str) -> pl.DataFrame:
    rows = [(f"s{n % 2}", str(n), str(v)) for n, v in enumerate(values) if v is not None]
    schema = {"source": pl.String, "record_id": pl.String, column: pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def link_frame(pairs: list[tuple[int, int]]) -> pl.DataFrame:
    rows = [(f"s{a % 2}", str(a), f"s{b % 2}", str(b)) for a, b in pairs]
    columns = ["source_l", "record_id_l", "source_r", "record_id_r"]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def brute_force(drawn: list[tuple[int | None, int | None]]) -> dict[str, float]:
    judged = [
        (("alone", n) if p is None else ("cluster", p), t)
        for n, (p, t) in enumerate(drawn)
        if t is not None
    ]
    pairs = list(combinations(judged, 2))
    predicted = sum(a[0] == b[0] for a, b in pairs)
    true = sum(a[1] == b[1] for a, b in pairs)
    both = sum(a == b for a, b in pairs)
    precisions, recalls = [], []
    for record in judged:
        together = sum(other == record for other in judged)
        precisions.append(together / sum(other[0] == record[0] for other in judged))
        recalls.append(together / sum(other[1] == record[1] for other in judged))
    return {
        "records": len(judged),
        "true_pairs": true,
        "predicted_pairs": predicted,
        "pairwise_precision": both / predicted if predicted else 1.0,
        "pairwise_recall": both / true if true else 1.0,
        "b3_precision": sum(precisions) / len(judged) if judged else 1.0,
        "b3_recall": sum(recalls) / len(judged) if judged else 1.0,
    }


@given(labels)
def test_equals_brute_force(drawn: list[tuple[int | None, int | None]]) -> None:
    """Every figure equals a count over all pairs of records."""
    found = measure(
        partition([p for p, _ in drawn], "entity_id"), partition([t for _, t in drawn], "true_id")
    )
    for name, value in brute_force(drawn).items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-12), name


@given(labels)
def test_f1_is_the_harmonic_mean(drawn: list[tuple[int | None, int | None]]) -> None:
    """F1 lies between precision and recall and is zero where both are zero."""
    found = measure(
        partition([p for p, _ in drawn], "entity_id"), partition([t for _, t in drawn], "true_id")
    )
    for kind in ("pairwise", "b3"):
        p, r = getattr(found, f"{kind}_precision"), getattr(found, f"{kind}_recall")
        f1 = getattr(found, f"{kind}_f1")
        assert min(p, r) - 1e-12 <= f1 <= max(p, r) + 1e-12
        assert f1 * (p + r) == pytest.approx(2 * p * r)


@given(labels, st.data())
def test_links_are_judged_as_they_stand(
    drawn: list[tuple[int | None, int | None]], data: st.DataObject
) -> None:
    """Links given in any direction count once each, without the pairs they imply."""
    every = [(a, b) for a in range(len(drawn)) for b in range(len(drawn))]
    chosen = data.draw(st.lists(st.sampled_from(every), max_size=30)) if every else []
    found = measure(
        partition([p for p, _ in drawn], "entity_id"),
        partition([t for _, t in drawn], "true_id"),
        link_frame(chosen),
    )
    truths = [t for _, t in drawn]
    distinct = {
        frozenset(pair)
        for pair in chosen
        if pair[0] != pair[1] and truths[pair[0]] is not None and truths[pair[1]] is not None
    }
    true = sum(len({truths[n] for n in pair}) == 1 for pair in distinct)
    assert found.predicted_pairs == len(distinct)
    assert found.pairwise_precision == (true / len(distinct) if distinct else 1.0)


def test_a_perfect_partition_scores_one() -> None:
    """Equal partitions under other names score 1 throughout."""
    found = measure(partition([7, 7, 8, 9], "entity_id"), partition([1, 1, 2, 3], "true_id"))
    assert found == Accuracy(4, 1, 1, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)


def test_everything_in_one_cluster_has_full_recall_and_low_precision() -> None:
    """One cluster for all: recall 1, precision the share of true pairs."""
    found = measure(partition([0] * 4, "entity_id"), partition([1, 1, 2, 2], "true_id"))
    assert found.pairwise_recall == 1
    assert found.pairwise_precision == pytest.approx(2 / 6)
    assert found.b3_precision == pytest.approx(0.5)


def test_a_record_named_twice_is_refused() -> None:
    """A record in two predicted entities is an error, not a silent miscount."""
    twice = pl.concat([partition([1], "entity_id"), partition([2], "entity_id")])
    with pytest.raises(UsageError, match="predicted names a record twice"):
        measure(twice, partition([1], "true_id"))


def test_a_missing_column_is_named() -> None:
    """A frame without its id column is refused by the column's name."""
    with pytest.raises(UsageError, match="'true_id'"):
        measure(partition([1], "entity_id"), partition([1], "entity_id"))
