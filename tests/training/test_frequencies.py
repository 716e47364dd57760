"""Term frequencies of a model."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from linker.config import TrainingSettings
from linker.model import LinkageModel, ModelInUse
from linker.schemas import ORGANIZATION
from linker.scoring.scorer import scorer_of
from linker.training.frequencies import LEAST_FREQUENCY, RARE_WORD, term_frequencies

NAMES = ["gulf freight"] * 3 + ["gulf foods"] + ["apex"] * 6


def mentions(names: list[str | None]) -> pl.DataFrame:
    rows = [
        {"mention": number, "name": name, "name_tokens": sorted(name.split()) if name else None}
        for number, name in enumerate(names)
    ]
    return pl.DataFrame(rows, schema=dict(ORGANIZATION))


def test_a_plain_column_stores_values_seen_twice_or_more() -> None:
    """Shares are of all values; the floor is the share of a value seen once."""
    found = term_frequencies(mentions([*NAMES, None]), ["name"], TrainingSettings())
    assert found.floors == {"name": 0.1}
    assert found.words == {}
    shares = dict(found.tables["name"].iter_rows())
    assert shares == pytest.approx({"apex": 0.6, "gulf freight": 0.3})


def words() -> TrainingSettings:
    return TrainingSettings(term_frequency_words={"name": "name_tokens"}, term_frequency_repeats=4)


def test_a_column_of_words_stores_only_what_one_target_cannot_explain() -> None:
    """Up to so many records may be one organization's; of names and words those above count."""
    listed = mentions([*NAMES, "gulf", "gulf", "gulf"])
    found = term_frequencies(listed, ["name"], words())
    assert dict(found.tables["name"].iter_rows()) == {"apex": pytest.approx(2 / 13)}
    assert found.floors == {"name": LEAST_FREQUENCY, "name_tokens": RARE_WORD}
    shares = dict(found.tables["name_tokens"].iter_rows())
    assert shares == pytest.approx({"gulf": (7 - 3) / 11})


def test_one_target_has_as_many_records_as_names_usually_have() -> None:
    """A name that nine records hold is common where nearly every name is there once."""
    rare = [f"firm {number}" for number in range(1_000)]
    found = term_frequencies(mentions([*rare, *["al aqsa"] * 9]), ["name"], words_up_to(10))
    assert dict(found.tables["name"].iter_rows()) == {"al aqsa": pytest.approx(6 / 1009)}
    often = [name for name in rare for _ in range(9)]
    found = term_frequencies(mentions([*often, *["al aqsa"] * 9]), ["name"], words_up_to(10))
    assert found.tables["name"].is_empty()


COMMON = [f"{one} {two}" for one in "abcdefgh" for two in "klmnopqr" for _ in range(8)]
"""64 names of 16 words, eight records of each, every word in eight of them."""


def test_a_name_in_very_many_records_is_one_target_where_its_words_are_apart_nowhere() -> None:
    """Akzo and Nobel stand together alone; a and k each stand with others as well."""
    listed = [*COMMON, *["a k"] * 32, *["akzo nobel"] * 40, *["unilever"] * 40]
    found = term_frequencies(mentions(listed), ["name"], words_up_to(10))
    assert dict(found.tables["name"].iter_rows()) == {"a k": pytest.approx(30 / 624)}
    shares = dict(found.tables["name_tokens"].iter_rows())
    assert shares["akzo"] == pytest.approx((10 - 7) / (512 + 2 + 10 + 10))


def with_birth_dates(names: list[str], dates: list[dt.date | None]) -> pl.DataFrame:
    return mentions(list(names)).with_columns(birth_date=pl.Series(dates, dtype=pl.Date()))


def witnessed_by_birth_dates() -> TrainingSettings:
    return words_up_to(10).model_copy(update={"term_frequency_witnesses": ["birth_date"]})


def test_holders_who_agree_on_nothing_are_no_one_target() -> None:
    """Sir and Baronet are no name, as the birth dates of those called so tell."""
    names = [*COMMON, *["sir baronet"] * 60, *["akzo nobel"] * 60]
    days = [dt.date(1900, 1, 1) + dt.timedelta(days=day) for day in range(len(COMMON) + 60)]
    records = with_birth_dates(names, [*days, *[dt.date(1950, 5, 5)] * 60])
    found = term_frequencies(records, ["name"], witnessed_by_birth_dates())
    assert dict(found.tables["name"].iter_rows()) == {"sir baronet": pytest.approx(60 / 632)}


ALIKE = [f"{one} {two}" for one in "abcdefgh" for two in "klmnopqr" for _ in range(2)]
"""64 names of 16 words, two records of each."""


def test_a_name_given_to_several_targets_is_as_common_as_it_is_often_there() -> None:
    """Five churches of one name have five dates; five records of one firm have one."""
    names = [*ALIKE, *["first church"] * 5, *["akzo nobel"] * 5]
    days = [dt.date(1900, 1, 1) + dt.timedelta(days=day) for day in range(len(ALIKE) + 5)]
    records = with_birth_dates(names, [*days, *[dt.date(1950, 5, 5)] * 5])
    found = term_frequencies(records, ["name"], witnessed_by_birth_dates())
    assert dict(found.tables["name"].iter_rows()) == {"first church": pytest.approx(5 / 138)}


def test_words_in_groups_say_themselves_how_common_a_name_is() -> None:
    """Several people of one name do not make it commoner than its words do."""
    names = [*ALIKE, *["juan cruz"] * 5]
    days = [dt.date(1900, 1, 1) + dt.timedelta(days=day) for day in range(len(names))]
    grouped = witnessed_by_birth_dates().model_copy(update={"word_groups": 2})
    found = term_frequencies(with_birth_dates(names, list(days)), ["name"], grouped)
    assert found.tables["name"].is_empty()


def test_a_witness_counts_by_names_and_not_by_records() -> None:
    """Where a few targets are in most records, their dates still tell names apart."""
    names = [*ALIKE, *["akzo nobel"] * 2_000, *["unilever plc"] * 2_000]
    days = [dt.date(1900, 1, 1) + dt.timedelta(days=day) for day in range(len(ALIKE))]
    days += [dt.date(1950, 5, 5)] * 2_000 + [dt.date(1951, 6, 6)] * 2_000
    found = term_frequencies(
        with_birth_dates(names, list(days)), ["name"], witnessed_by_birth_dates()
    )
    assert found.tables["name"].is_empty()


def test_where_no_witness_knows_anything_a_frequent_name_is_common() -> None:
    """Where a configuration asks for witnesses, and some are there, words alone do not tell."""
    names = [*COMMON, *["akzo nobel"] * 60]
    records = with_birth_dates(names, [dt.date(1950, 5, 5), *[None] * (len(names) - 1)])
    found = term_frequencies(records, ["name"], witnessed_by_birth_dates())
    assert dict(found.tables["name"].iter_rows()) == {"akzo nobel": pytest.approx(50 / 572)}


def test_where_nothing_but_names_is_known_words_alone_tell_but_not_of_people() -> None:
    """Sixty records of one odd name are one organization's, and not one person's."""
    names = [*COMMON, *["akzo nobel"] * 60]
    records = with_birth_dates(names, [None] * len(names))
    found = term_frequencies(records, ["name"], witnessed_by_birth_dates())
    assert found.tables["name"].is_empty()
    grouped = witnessed_by_birth_dates().model_copy(update={"word_groups": 2})
    found = term_frequencies(records, ["name"], grouped)
    assert dict(found.tables["name"].iter_rows()) == {"akzo nobel": pytest.approx(50 / 572)}


def words_up_to(repeats: int) -> TrainingSettings:
    return TrainingSettings(
        term_frequency_words={"name": "name_tokens"}, term_frequency_repeats=repeats
    )


def test_words_of_a_list_that_levels_read_are_counted() -> None:
    """The share of records with the word, once a record, though no column is made of them.

    Four of the records may be one target's.
    """
    repeated = mentions(list(NAMES)).with_columns(
        pl.col("name_tokens").list.concat(pl.col("name_tokens"))
    )
    found = term_frequencies(repeated, [], TrainingSettings(), ["name_tokens"])
    assert found.floors == {"name_tokens": RARE_WORD}
    assert found.words == {}
    shares = dict(found.tables["name_tokens"].iter_rows())
    assert shares == pytest.approx({"apex": 0.3})


def test_a_name_is_as_frequent_as_its_words_together() -> None:
    """The product of the words' shares, or the name's own share where that is more."""
    names = [*["gulf freight"] * 3, *["gulf foods"] * 3, *["gulf oil"] * 3, *["apex"] * 6]
    found = term_frequencies(mentions(list(names)), ["name"], words())
    levels = [
        {"level": {"kind": "missing", "of": ["name"]}, "label": "missing"},
        {
            "level": {"kind": "exact", "column": "name"},
            "label": "same",
            "m": 0.9,
            "u": 0.1,
            "term_frequency": "name",
        },
        {"level": {"kind": "else"}, "label": "differs", "m": 0.1, "u": 0.9},
    ]
    model = LinkageModel.model_validate(
        {
            "entity_type": "organization",
            "version": "1",
            "prior": 0.1,
            "comparisons": [{"name": "name", "role": "identity", "levels": levels}],
            "term_frequency_floors": found.floors,
            "term_frequency_words": found.words,
        }
    )
    in_use = ModelInUse(model=model, term_frequencies=found.tables, digest="0" * 64)
    packed = scorer_of(in_use).pack(mentions(["gulf freight", "apex", "new gulf", None]))
    codes = packed.features.column("name")[:3]
    shares = np.exp2(packed.logs.values[packed.logs.starts["name"] + codes])
    gulf, seldom = (9 - 3) / 13, RARE_WORD
    assert shares == pytest.approx([gulf * seldom, 2 / 15, gulf * seldom])


def test_words_that_keep_company_are_in_groups() -> None:
    """Where there are names enough the table of words says how common each is in each group."""
    training = words().model_copy(update={"word_groups": 8})
    names = [f"{side}{one} {side}{two}" for side in "ab" for one in range(50) for two in range(50)]
    assert term_frequencies(mentions(names), ["name"], words()).groups == {}
    found = term_frequencies(mentions([*names, *names]), ["name"], training)
    assert list(found.groups) == ["name_tokens"]
    assert sum(found.groups["name_tokens"]) == pytest.approx(1)
    table = found.tables["name_tokens"]
    assert table.columns == ["name_tokens", "tf", "groups"]
    assert set(table["groups"].list.len()) == {len(found.groups["name_tokens"])}


def test_few_names_have_no_groups() -> None:
    """The table of words has no groups where there are too few names to tell."""
    training = words().model_copy(update={"word_groups": 8})
    found = term_frequencies(mentions(list(NAMES)), ["name"], training)
    assert found.groups == {}
    assert found.tables["name_tokens"].columns == ["name_tokens", "tf"]


@pytest.mark.parametrize(("records", "floor"), [(600, RARE_WORD), (6_000, 1 / 6_000)])
def test_a_word_of_few_records_is_rare_however_few_there_are_to_tell(
    records: int, floor: float
) -> None:
    """Of a thousand names not one word would be rare enough to say whose name it is."""
    people = mentions([f"name{number}" for number in range(records)])
    found = term_frequencies(people, [], TrainingSettings(), ["name_tokens"])
    assert found.floors == {"name_tokens": pytest.approx(floor)}


def test_a_name_of_one_word_is_as_frequent_as_the_word_stands_alone() -> None:
    """Of nine words in different names two are a name by themselves, and one is added to both."""
    listed = mentions(
        [*["gulf freight"] * 3, "gulf foods", "apex", "apex", "blue gulf star", "dawn"]
    )
    found = term_frequencies(listed, ["name"], words())
    assert found.alone == {"name_tokens": pytest.approx((2 + 1) / (2 + 2 + 1 + 3 + 1 + 1))}
    kept = words().model_copy(update={"word_groups": 2})  # of a person a word is often missing
    assert term_frequencies(listed, ["name"], kept).alone == {}
