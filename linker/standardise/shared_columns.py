"""The columns that people and organizations have in common: contacts, place, context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from linker.schemas import CONTEXT, LIST_FIELDS
from linker.standardise import addresses, contacts, context, identifiers
from linker.standardise.countries import read_country
from linker.standardise.narrative import read_narrative
from linker.standardise.reading import Reader, Reading
from linker.standardise.states import read_state
from linker.standardise.text import is_placeholder_number
from linker.standardise.uniques import map_uniques_to_columns

Columns = dict[str, pl.Series]

_TOO_LONG: Final = f"no identifier: more than {identifiers.LONGEST} letters and digits, or none"
IDENTIFIER: Final = Reader(identifiers.read_identifier, _TOO_LONG, is_placeholder_number)
PHONE: Final = Reader(
    contacts.read_phone, "not a telephone number: fewer than 7 digits", is_placeholder_number
)
EMAIL: Final = Reader(contacts.read_email, "not an email address: no @ with a dot after it")

_STATUS: Final = Reader(context.read_status, "status is not open, suspended, closed or reopened")
_SENSITIVITY: Final = Reader(
    context.read_sensitivity,
    "sensitivity is not open, pointer_only or silent; taken as silent",
    lambda text: not text.strip(),
)
_JOINT: Final = Reader(context.read_label, "no case id in it")

PLACE: Final[Mapping[str, Callable[[str], str | None]]] = {
    "city": addresses.read_city,
    "state": read_state,
    "postal_code": addresses.read_postal_code,
    "country": read_country,
}
_OTHER_CONTEXT: Final[Mapping[str, Callable[[str], str | None]]] = {
    "category_claimed": context.read_category,
    "category_confirmed": context.read_category,
    "nationally_designated": context.read_designation,
    "narrative": read_narrative,
}
"""Text columns of the context that are not labels."""


def contact_columns(reading: Reading) -> Columns:
    """Return phones and emails, as far as they are mapped."""
    readers = {"phones": PHONE, "emails": EMAIL}
    return {
        name: reading.values(name, reader) for name, reader in readers.items() if reading.has(name)
    }


def place_columns(reading: Reading) -> Columns:
    """Return address, city, state, postal_code and country, as far as they are known.

    A whole address on one line fills the city, state and postal code that the record leaves open.
    """
    columns = {name: reading.text(name, read) for name, read in PLACE.items() if reading.has(name)}
    if not reading.has("address"):
        return columns
    parts = map_uniques_to_columns(
        reading.raw("address"), addresses.read_address, addresses.Address._fields
    )
    for name in ("city", "state", "postal_code"):
        told = columns.get(name)
        found = parts[name]
        columns[name] = found if told is None else told.zip_with(told.is_not_null(), found)
    return columns | {"address": parts["street"]}


def context_columns(reading: Reading) -> Columns:
    """Return the mapped columns of `schemas.CONTEXT`: the case, arrest, report or listing."""
    columns: Columns = {}
    for name, dtype in CONTEXT.items():
        if not reading.has(name):
            continue
        if name in LIST_FIELDS:
            columns[name] = reading.values(name, _JOINT)
        elif dtype == pl.Date():
            columns[name] = reading.dates(name)
        elif name == "status":
            columns[name] = reading.value(name, _STATUS)
        elif name == "sensitivity":
            columns[name] = _sensitivity(reading)
        else:
            columns[name] = reading.text(name, _OTHER_CONTEXT.get(name, context.read_label))
    return columns


def _sensitivity(reading: Reading) -> pl.Series:
    read = reading.value("sensitivity", _SENSITIVITY)
    unread = read.is_null() & (reading.raw("sensitivity").str.strip_chars() != "")
    guarded = pl.Series([context.MOST_GUARDED]).new_from_index(0, len(read))
    return guarded.zip_with(unread.fill_null(value=False), read)
