"""What is shown of an investigation, and of what it meets: names for numbers, rows in order."""

from __future__ import annotations

from typing import Final

import polars as pl

from linker.deconfliction.meetings import Appearances, places

SHOWN: Final = ("source", "record_id", "kind", "case_id", "agency", "unit")


def shown_of_mentions(
    facts: pl.DataFrame, cases: pl.DataFrame, appear: Appearances
) -> pl.DataFrame:
    """Return what is shown of the mentions that a row may name.

    Args:
        facts: Every mention.
        cases: Those of investigations, as `place_investigations` returns them.
        appear: Who appears in what.

    Returns:
        ``mention`` and `SHOWN`, sorted by mention: the mention that stands for an entity in an
        investigation, with that investigation's unit, and every contact.
    """
    units = (
        cases.drop_nulls("unit")
        .group_by("investigation")
        .agg(pl.col("unit").sort_by("mention").first())
    )
    columns = ["mention", *SHOWN]
    of_cases = (
        cases.select("mention", "investigation", "source", "record_id", "case_id", "agency")
        .join(appear.views, on="mention", how="semi")
        .join(units, on="investigation", how="left")
        .with_columns(kind=pl.lit("case"))
    )
    of_contacts = facts.join(appear.contacts, on="mention", how="semi").with_columns(
        case_id=contact_id(), agency=pl.coalesce("agency", "source")
    )
    described = pl.concat([of_cases.select(columns), of_contacts.select(columns)])
    return described.sort("mention")


def contact_id() -> pl.Expr:
    """Return the number of an arrest or a report: what a contact has in place of a case id."""
    kind = pl.col("kind")
    return pl.when(kind == "arrest").then("arrest_id").when(kind == "intel").then("report_id")


def describe(rows: pl.DataFrame, names: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Say in words what rows say in numbers, in the order of the published table.

    Numbers are sorted in place of the texts that they stand for: mentions are numbered in the
    order of source and record id, and what else is shown of a mention follows from it.

    Args:
        rows: ``entity``, ``other_entity``, ``mention``, ``other_mention``, ``class``, ``tier``,
            ``matched_on``.
        names: ``entity``, ``entity_id`` and ``rank``, its place in the order of ids, of every
            entity; sorted by ``entity``.
        shown: What `shown_of_mentions` returned.

    Returns:
        The columns of `schemas.INVESTIGATIONS` but for ``entity_type`` and ``as_of``.
        ``other_entity_id`` is null where it is the same entity.
    """
    other = pl.when(pl.col("other_entity") != pl.col("entity")).then("other_entity")
    rows = rows.with_columns(
        one=places(rows["entity"], names["entity"]),
        other=places(rows.select(other).to_series(), names["entity"]),
        here=places(rows["mention"], shown["mention"]),
        there=places(rows["other_mention"], shown["mention"]),
    )
    order = rows.select(
        names["rank"].gather(rows["one"]),
        "mention",
        *(_ranks(rows[name]) for name in ("class", "tier")),
        names["rank"].gather(rows["other"]).alias("other_rank"),
        "other_mention",
    )
    rows = rows[order.select(pl.arg_sort_by(order.columns, nulls_last=True)).to_series()]
    return rows.select(
        "class",
        "tier",
        "matched_on",
        names["entity_id"].gather(rows["one"]),
        names["entity_id"].gather(rows["other"]).alias("other_entity_id"),
        *(shown[name].gather(rows["here"]) for name in SHOWN if name != "kind"),
        *(shown[name].gather(rows["there"]).alias(f"other_{name}") for name in SHOWN),
    )


def _ranks(words: pl.Series) -> pl.Series:
    """Return the place of each of a few words in their order; null for null."""
    known = words.drop_nulls().unique().sort()
    ranks = pl.int_range(len(known), dtype=pl.Int32, eager=True)
    return words.replace_strict(known, ranks, default=None, return_dtype=pl.Int32)
