"""Labels drawn from the truth of a population."""

from __future__ import annotations

import polars as pl

from benchmarks.labels import labelled


def test_doubtful_pairs_are_labelled_as_often_as_sure_ones() -> None:
    """Of each range of weights as many pairs are labelled, and each as the truth has it."""
    sure, doubtful = range(90), range(90, 100)
    pairs = pl.DataFrame(
        {
            "source_l": "a",
            "record_id_l": [f"l{n}" for n in range(100)],
            "source_r": "b",
            "record_id_r": [f"r{n}" for n in range(100)],
            "match_weight": [*(21.0 for _ in sure), *(1.0 for _ in doubtful)],
        }
    )
    truth = pl.DataFrame(
        {
            "source": [*["a"] * 100, *["b"] * 100],
            "record_id": [f"{side}{n}" for side in "lr" for n in range(100)],
            "entity_type": "person",
            "true_id": [*(f"t{n}" for n in range(100)), *(f"t{n - n % 3}" for n in range(100))],
        }
    )
    found = labelled(pairs, truth, "person", 20)
    numbers = found["record_id_l"].str.slice(1).cast(pl.Int64)
    assert found.height == 20
    assert sum(number >= 90 for number in numbers) == 10
    assert found["decision"].to_list() == [
        "match" if number % 3 == 0 else "non_match" for number in numbers
    ]
    assert labelled(pairs, truth, "organization", 20).is_empty()
