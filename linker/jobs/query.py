"""A query as a mention: standardised as the records were, so that equal values compare equal."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from linker.config import Source
from linker.errors import QueryError
from linker.schemas import LIST_FIELDS, EntityType
from linker.standardise.mentions import standardise

QUERY: Final = -1
"""The number of the mention that stands for the query."""


def query_mention(entity_type: EntityType, fields: dict[str, str | list[str]]) -> pl.DataFrame:
    """Return a query as one mention, standardised as the records were.

    Raises:
        QueryError: Nothing was given, or a value cannot be read; names the field, not the value.
    """
    given = {name: value for name, value in fields.items() if value}
    if not given:
        raise QueryError("the query is empty: give a name, a number, a phone or a plate")
    for name, value in given.items():
        if not _is_text(value):
            raise QueryError(
                f"the query's {name.replace('_', ' ')} holds bytes that are no text: "
                "is the terminal's encoding UTF-8?"
            )
    source = Source(
        name="query",
        path="query",
        kind="other",
        entity=entity_type,
        record_id="record_id",
        fields={name: name for name in given},
    )
    columns: dict[str, Any] = {"record_id": ["query"], "row": [1], "retained": [None]}
    schema: dict[str, Any] = {"record_id": pl.String, "row": pl.Int64, "retained": pl.String}
    for name, value in given.items():
        is_list = name in LIST_FIELDS
        columns[name] = [[value] if is_list and isinstance(value, str) else value]
        schema[name] = pl.List(pl.String) if is_list else pl.String
    made = standardise(pl.DataFrame(columns, schema=schema), source)
    for row in made.set_aside.to_dicts():
        if row["outcome"] == "value":
            option = str(row["column"]).replace("_", " ")
            raise QueryError(f"the query's {option} cannot be read: {row['reason']}")
    if made.mentions.is_empty():
        raise QueryError("the query names nobody: give a name, a number, a phone or a plate")
    return made.mentions.with_columns(pl.lit(QUERY, dtype=pl.Int64).alias("mention"))


def _is_text(value: str | list[str]) -> bool:
    """Return whether bytes of the command line could be decoded; others came as lone surrogates."""
    try:
        "".join(value).encode()
    except UnicodeEncodeError:
        return False
    return True
