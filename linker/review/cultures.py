"""Which group of words a record's name keeps company with: its name culture, itself nameless.

The groups are the model's (`linker.training.company`): nameless, found in the names alone. They are
used here to spread what people look at, and for nothing else.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from linker.model import ModelInUse

MIXED: Final = "mixed"
"""Of two records whose names keep different company."""
UNKNOWN: Final = "unknown"
"""Of a name none of whose words the model knows the company of."""


def words_column(in_use: ModelInUse) -> str | None:
    """Return the list column of words that a model has groups of, None where it has none."""
    return min(in_use.model.term_frequency_groups, default=None)


def culture_of(in_use: ModelInUse, words: pl.Series) -> pl.Series:
    """Return the group of each record's words, ``group 1`` and so on, or `UNKNOWN`.

    A name draws a group and the group draws the words, so that of each group its share times how
    many times more common each word is there than among all names tells how likely it is.

    Args:
        in_use: A model with groups of the column.
        words: Lists of words, one a record; its name is the column's.
    """
    shares = in_use.model.term_frequency_groups[words.name]
    known = in_use.term_frequencies[words.name].select(words.name, "groups").drop_nulls("groups")
    held = pl.DataFrame({"record": np.arange(len(words)), words.name: words})
    each = held.explode(words.name).drop_nulls().join(known, on=words.name).sort("record")
    found = np.full(len(words), UNKNOWN, dtype=object)
    if each.is_empty():
        return pl.Series("culture", found, dtype=pl.String())
    more = np.log(np.array(each["groups"].to_list(), dtype=np.float64))
    records, place = np.unique(each["record"].to_numpy(), return_inverse=True)
    sums = np.tile(np.log(np.array(shares)), (len(records), 1))
    np.add.at(sums, place, more)
    found[records] = [f"group {group + 1}" for group in sums.argmax(axis=1).tolist()]
    return pl.Series("culture", found, dtype=pl.String())


def of_pairs(left: pl.Series, right: pl.Series) -> pl.Series:
    """Return the culture of pairs: that of both names, or `MIXED`."""
    both = pl.DataFrame({"left": left, "right": right})
    same = pl.col("left") == pl.col("right")
    told = pl.when(same).then(pl.col("left")).otherwise(pl.lit(MIXED))
    return both.select(culture=told)["culture"]
