"""The figures by group: two sources, the culture of a name, the fields a record lacks.

Where whole entities are known, a group of records has half of every pair that one of them is in, so
that a pair of two groups counts by halves in each. Where pairs are labelled, a pair is in a group
if either of its records is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from linker.judging.intervals import PARTS, judged_figures
from linker.judging.judgement import Group
from linker.judging.known import SIDES, Known
from linker.model import LinkageModel, ModelInUse
from linker.schemas import DOCUMENTS, EntityType
from linker.store.mention_table import Mentions

MAIN_FIELDS: Final[Mapping[EntityType, Mapping[str, tuple[str, ...]]]] = {
    "person": {
        "birth date": ("birth_date", "birth_year"),
        "number": DOCUMENTS["person"],
        "contact": ("phones", "emails", "plates"),
        "address": ("address", "city", "postal_code"),
    },
    "organization": {
        "number": DOCUMENTS["organization"],
        "contact": ("phones", "emails"),
        "address": ("address", "city", "postal_code"),
    },
}
"""What a record may say besides a name, by what it is called: columns of which one is enough."""
_AT_ONCE: Final = 200_000
"""Records whose name groups are told in one go."""


def group_columns(model: LinkageModel) -> set[str]:
    """Return the columns of mentions that groups are told by."""
    fields = MAIN_FIELDS[model.entity_type]
    main = {column for columns in fields.values() for column in columns}
    return main | set(model.term_frequency_groups)


def groups_of(
    known: Known, mentions: Mentions, named_by: ModelInUse
) -> dict[str, tuple[Group, ...]]:
    """Return the figures of each group with a pair to judge, by kind of group.

    Args:
        known: What is known of the linking.
        mentions: All that were linked, with the columns `group_columns`.
        named_by: The model whose groups of words that keep company stand for cultures that the
            truth does not name; its name is in theirs, as another model has other groups.
    """
    numbers = _numbers(known)
    members = {
        "culture": _cultures(known, numbers, mentions, named_by),
        "missing": _lacking(numbers, mentions, named_by.model.entity_type),
    }
    found = {kind: _judged(known, frame) for kind, frame in members.items()}
    return {"culture": found["culture"], "source_pair": by_sources(known)} | {
        "missing": found["missing"]
    }


def _numbers(known: Known) -> pl.Series:
    """Return the mentions that the truth says something of, ascending."""
    if known.whole:
        return known.rows["mention"].drop_nulls().sort()
    ends = [known.rows[side].alias("mention") for side in SIDES]
    return pl.concat(ends).unique().sort()


def _cultures(
    known: Known, numbers: pl.Series, mentions: Mentions, named_by: ModelInUse
) -> pl.DataFrame:
    """Return ``mention`` and ``group``: the culture of its name, as far as one is known."""
    if "culture" in known.rows.columns:
        told = known.rows.select("mention", group=pl.col("culture")).drop_nulls()
        if told.height:
            return told
    empty = pl.DataFrame(schema={"mention": pl.Int64(), "group": pl.String()})
    for column, shares in named_by.model.term_frequency_groups.items():
        lists = mentions.read([column])[column].gather(numbers)
        frame = pl.DataFrame({"mention": numbers, "word": lists})
        words = named_by.term_frequencies[column].rename({column: "word"}).drop_nulls("groups")
        parts = [_name_groups(part, words, shares) for part in frame.iter_slices(_AT_ONCE)]
        name = f"name group {{}} ({named_by.name})"
        whole = pl.concat([empty, *parts])
        return whole.with_columns(group=pl.format(name, "group"))
    return empty


def _name_groups(
    records: pl.DataFrame, words: pl.DataFrame, shares: tuple[float, ...]
) -> pl.DataFrame:
    """Return the number of the likeliest group of each record's words, where one is known."""
    numbered = words.select("word", "groups").with_row_index("place")
    logs = np.log(np.array(numbered["groups"].to_list(), dtype=np.float64))
    known = records.explode("word").join(numbered.select("word", "place"), on="word")
    found = known.sort("mention", "place")
    if found.is_empty():
        return pl.DataFrame(schema={"mention": pl.Int64(), "group": pl.String()})
    starts = np.flatnonzero(np.diff(found["mention"].to_numpy(), prepend=-1))
    sums = np.add.reduceat(logs[found["place"].to_numpy()], starts, axis=0) + np.log(shares)
    likeliest = pl.DataFrame(
        {"mention": found["mention"].gather(starts), "group": sums.argmax(axis=1) + 1}
    )
    return likeliest.with_columns(pl.col("group").cast(pl.String))


def _lacking(numbers: pl.Series, mentions: Mentions, entity_type: EntityType) -> pl.DataFrame:
    """Return ``mention`` and ``group``: what it lacks; a field that no record has counts not."""
    has: dict[str, pl.Series] = {}
    for field, columns in MAIN_FIELDS[entity_type].items():
        held = [_held(mentions.read([column])[column].gather(numbers)) for column in columns]
        whole = pl.DataFrame({str(place): one for place, one in enumerate(held)})
        either = whole.select(pl.any_horizontal(pl.all())).to_series()
        if either.any():
            has[field] = either
    table = pl.DataFrame({"mention": numbers, **has})
    names = list(has)
    conditions = {f"no {name}": ~pl.col(name) for name in names}
    if names:
        conditions["complete"] = pl.all_horizontal(names)
        conditions["name only"] = ~pl.any_horizontal(names)
    parts = [
        table.filter(condition).select("mention", group=pl.lit(name))
        for name, condition in conditions.items()
    ]
    return pl.concat([pl.DataFrame(schema={"mention": pl.Int64(), "group": pl.String()}), *parts])


def _held(values: pl.Series) -> pl.Series:
    if isinstance(values.dtype, pl.List):
        return values.list.len().fill_null(0) > 0
    return values.is_not_null()


def _judged(known: Known, members: pl.DataFrame) -> tuple[Group, ...]:
    """Return the figures of each group of mentions."""
    if known.whole:
        rows = known.rows.drop_nulls("mention").join(members, on="mention")
    else:
        ends = [
            known.rows.join(members, left_on=side, right_on="mention", maintain_order="left")
            for side in SIDES
        ]
        rows = pl.concat([end.select([*known.rows.columns, "group"]) for end in ends])
        rows = rows.unique([*SIDES, "group"])
    sizes = dict(members.group_by("group").len().iter_rows())
    return _groups(rows, sizes)


def _groups(rows: pl.DataFrame, sizes: Mapping[str, int]) -> tuple[Group, ...]:
    """Return the groups of rows that have a pair to judge, by name."""
    parts = rows.partition_by("group", as_dict=True)
    return tuple(
        Group(name=name, records=sizes[name], **judged_figures(part).model_dump())
        for (name,), part in sorted(parts.items(), key=lambda part: _in_order(part[0][0]))
        if part.select((pl.col("true") + pl.col("predicted")).sum()).item() > 0
    )


def _in_order(name: str) -> list[tuple[str, int]]:
    """Return what names are sorted by: name group 2 comes before name group 10."""
    return [(word, 0) if not word.isdecimal() else ("", int(word)) for word in name.split()]


def by_sources(known: Known) -> tuple[Group, ...]:
    """Return the figures of the pairs of every two sources; of pairs alone, not B-cubed.

    Args:
        known: What is known of the linking.
    """
    if known.whole:
        rows = _source_rows(known.rows)
        counts = dict(known.rows.group_by("source").len().iter_rows())
    else:
        rows = known.rows.with_columns(
            one=pl.min_horizontal("source_l", "source_r"),
            other=pl.max_horizontal("source_l", "source_r"),
        )
        ends = [
            known.rows.select(mention=f"mention_{side}", source=f"source_{side}") for side in "lr"
        ]
        counts = dict(pl.concat(ends).unique("mention").group_by("source").len().iter_rows())
    named = rows.with_columns(group=pl.format("{} and {}", "one", "other"))
    pairs = named.select("group", "one", "other").unique().iter_rows()
    sizes = {name: sum(counts[source] for source in {one, other}) for name, one, other in pairs}
    return _groups(named, sizes)


def _source_rows(records: pl.DataFrame) -> pl.DataFrame:
    """Return of each true entity and two sources its share of the pairs between them.

    Pairs are counted by the sizes of cells, so that large entities cost little.
    """
    alone = -1 - pl.col("row").cast(pl.Int64)
    cells = (
        records.select("unit", "source", "entity_id")
        .with_row_index("row")
        .group_by("unit", "source", entity=pl.coalesce("entity_id", alone))
        .agg(size=pl.len().cast(pl.Int64))
    )
    whole = cells.group_by("unit", "source").agg(pl.col("size").sum())
    shared = {
        "both": _shared(cells, ["unit", "entity"]),
        "predicted": _shared(cells, ["entity"]),
        "true": _shared(whole, ["unit"]),
    }
    return pl.concat(
        frame.select(
            *("unit", "one", "other"),
            *((pl.col("share") if part == name else pl.lit(0.0)).alias(part) for part in PARTS),
        )
        for name, frame in shared.items()
    )


def _shared(cells: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """Return of each unit and two sources half of the pairs between cells that agree on columns."""
    same = pl.col("source") == pl.col("source_r")
    if "unit" not in on:
        same &= pl.col("unit") == pl.col("unit_r")
    pairs = pl.col("size") * (pl.col("size_r") - same.cast(pl.Int64))
    return (
        cells.lazy()
        .join(cells.lazy(), on=on, suffix="_r")
        .group_by(
            "unit",
            one=pl.min_horizontal("source", "source_r"),
            other=pl.max_horizontal("source", "source_r"),
        )
        .agg(share=pairs.sum() / 2)
        .filter(pl.col("share") > 0)
        .collect()
    )
