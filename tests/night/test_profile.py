"""The profile of what is linked: what it says, and that it depends on the records alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config import load_config
from linker.errors import StoreError
from linker.night.profile import (
    LEAST_OF_SOURCE,
    MOST_LINKS,
    MOST_RECORDS,
    Profile,
    sample_by_source,
    sample_of_links,
)
from tests.jobs.drifting import (
    night_profile,
    people,
    profile_of_store,
    store_of_two,
    with_model,
    write_sources,
)
from tests.jobs.running import copy_of, linked, run

Keys = np.ndarray[tuple[int], np.dtype[np.uint64]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a linked store of two sources."""
    return store_of_two(tmp_path_factory.mktemp("profile") / "store")


def of_night(config: Path, number: int) -> Profile:
    """What a generation's profile says."""
    found = Profile.read(night_profile(config, number))
    assert found is not None
    return found


def keys_of(count: int, seed: int = 0) -> Keys:
    """So many keys of records."""
    return np.random.default_rng(seed).integers(0, 2**64, count, dtype=np.uint64)


def test_shares_are_those_of_the_records(store: Path) -> None:
    """Fill rates, sources, links and levels of a small store are those of a plain count."""
    found = of_night(store, 2)
    cases, arrests = (
        pl.read_csv(store.parent / f"{name}.csv", infer_schema=False)
        for name in ("cases", "arrests")
    )
    both = pl.concat([cases, arrests])
    assert found.records == found.total == both.height
    assert found.sources == {"arrests": arrests.height, "cases": cases.height}
    assert found.sampled == found.sources
    filled = both.filter(pl.col("phone").fill_null("") != "").height / both.height
    assert found.fills["phones"] == pytest.approx(filled, abs=1e-8)
    assert found.by_source["cases"]["birth_date"] == 1
    assert found.fills["passport"] == 0
    pairs = store.parent / "pairs.parquet"
    run("export", "--config", store, "--table", "pairs", "--out", pairs)
    assert found.pairs == pl.read_parquet(pairs).height
    assert found.links == found.sampled_links == 350
    assert found.independent_links == 350
    assert found.levels["passport"][0] == 1
    assert found.levels["birth_date"][1] == 1
    for shares in (*found.levels.values(), *found.expected.values()):
        assert sum(shares) == pytest.approx(1)


def test_training_sees_what_the_night_sees(store: Path) -> None:
    """The profile that training writes of the same records differs in values unknown alone."""
    trained = profile_of_store(load_config(store))
    night = of_night(store, 2)
    same = {"term_frequencies": night.term_frequencies}
    assert trained.model_copy(update=same) == night
    for column, share in trained.term_frequencies.items():
        assert share >= night.term_frequencies[column]


def test_a_sample_says_nearly_the_same(store: Path) -> None:
    """Of half of the records shares are about those of all, and it says of how many it is."""
    half = profile_of_store(load_config(store), most=525)
    assert (half.records, half.total) == (525, 1_050)
    assert half.fills["phones"] == pytest.approx(of_night(store, 2).fills["phones"], abs=0.06)


def test_neither_order_nor_nights_change_it(store: Path, tmp_path: Path) -> None:
    """Rows in another order, come in two nights: each byte is as of one night."""
    config = copy_of(store, tmp_path / "own")
    cases = pl.read_csv(config.parent / "cases.csv", infer_schema=False)
    mixed = cases.sample(fraction=1, shuffle=True, seed=3)
    first = config.parent / "cases.csv"
    mixed.head(640).write_csv(first)
    linked(config)
    mixed.write_csv(first)
    done = run("link", "--config", config)
    assert "what changed is linked" in done.err
    assert night_profile(config, 3).read_bytes() != night_profile(config, 2).read_bytes()
    assert night_profile(config, 4).read_bytes() == night_profile(config, 2).read_bytes()
    assert run("link", "--config", config, "--full").code == 0
    assert night_profile(config, 5).read_bytes() == night_profile(config, 2).read_bytes()


def test_it_holds_no_value_of_a_record(store: Path) -> None:
    """No name, date or number of a record is in the file."""
    text = night_profile(store, 2).read_text("utf-8").lower()
    for row in people(450, 1):
        assert not any(word.lower() in text for word in row["name"].split())
        assert row["born"] not in text
        assert not row["phone"] or row["phone"][3:] not in text


def test_a_store_without_links_has_one(tmp_path: Path) -> None:
    """Of strangers, and of hardly any, shares are told, and no levels."""
    config = write_sources(tmp_path / "few", {"cases": people(1, 1)})
    with_model(load_config(config), profiled=False)
    linked(config)
    found = of_night(config, 1)
    assert (found.records, found.links, found.independent_links, found.pairs) == (1, 0, 0, 0)
    assert found.levels == found.expected == {}
    assert found.fills["birth_date"] == 1


def test_a_damaged_profile_is_one_line(store: Path, tmp_path: Path) -> None:
    """A file that is no profile, or of a later format, is refused; none there is None."""
    assert Profile.read(tmp_path / "none.json") is None
    damaged = tmp_path / "damaged.json"
    damaged.write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match="is no profile"):
        Profile.read(damaged)
    values = json.loads(night_profile(store, 2).read_text("utf-8"))
    damaged.write_text(json.dumps({**values, "format": 9}), encoding="utf-8")
    with pytest.raises(StoreError, match="another version"):
        Profile.read(damaged)
    damaged.write_text(json.dumps(values), encoding="utf-8")
    assert Profile.read(damaged) == of_night(store, 2)


@given(
    st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 49), st.integers(0, 49)), max_size=60)
)
def test_a_sample_of_links_knows_no_order(seed: int, ends: list[tuple[int, int]]) -> None:
    """Links turned round and mixed give the same sample, in the same order of links."""
    links = sorted({(min(pair), max(pair)) for pair in ends if pair[0] != pair[1]})
    keys = keys_of(50)
    order = np.random.default_rng(seed).permutation(len(links))
    left, right = (np.array([pair[side] for pair in links], dtype=np.int64) for side in (0, 1))
    turned = right[order], left[order]
    found = sample_of_links(keys, left, right)
    again = sample_of_links(keys, *turned)
    assert [links[place] for place in found] == [links[order[place]] for place in again]


def test_samples_are_bounded_and_even() -> None:
    """At most so many links and records; of each source some; every record as likely as others."""
    count = 3 * MOST_RECORDS
    keys = keys_of(count)
    numbers = np.arange(count, dtype=np.int64)
    chosen = sample_by_source(keys, {"large": numbers[1_000:], "small": numbers[:300]})
    assert len(chosen) == MOST_RECORDS // 2 + 300
    assert (np.bincount(chosen // 1_000, minlength=150)[1:] > 100).all()
    many = {str(source): numbers[source * 600 : (source + 1) * 600] for source in range(200)}
    assert len(sample_by_source(keys, many)) == 200 * LEAST_OF_SOURCE
    links = sample_of_links(keys, numbers[:-1], numbers[1:])
    assert len(np.unique(links)) == MOST_LINKS
    assert len(sample_by_source(keys, {})) == 0
