"""The columns that people and organizations have in common: contacts, place, context."""

from __future__ import annotations

from typing import Final

import polars as pl

from linker.schemas import CONTEXT, LIST_FIELDS
from linker.standardise import addresses, contacts, context, identifiers
from linker.standardise.attributes import read_yes_no
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

_LABELS: Final = (
    "case_id",
    "agency",
    "unit",
    "office",
    "corridor",
    "contact_name",
    "contact_phone",
    "contact_email",
    "arrest_id",
    "place",
    "charge",
    "report_id",
    "reliability",
    "program",
)
_CATEGORIES: Final = ("category_claimed", "category_confirmed")


def contact_columns(reading: Reading) -> Columns:
    """Return phones and emails."""
    return {"phones": reading.values("phones", PHONE), "emails": reading.values("emails", EMAIL)}


def place_columns(reading: Reading) -> Columns:
    """Return address, city, state, postal_code and country.

    A whole address on one line fills the city, state and postal code that the record leaves open.
    """
    parts = map_uniques_to_columns(
        reading.raw("address"), addresses.read_address, addresses.Address._fields
    )
    columns = {
        "address": parts["street"],
        "city": reading.text("city", addresses.read_city),
        "state": reading.text("state", read_state),
        "postal_code": reading.text("postal_code", addresses.read_postal_code),
        "country": reading.text("country", read_country),
    }
    for name in ("city", "state", "postal_code"):
        told = columns[name]
        columns[name] = told.zip_with(told.is_not_null(), parts[name])
    return columns


def context_columns(reading: Reading) -> Columns:
    """Return the columns of `schemas.CONTEXT`: the case, arrest, report or listing."""
    columns: Columns = {}
    for name, dtype in CONTEXT.items():
        if name in LIST_FIELDS:
            columns[name] = reading.values(name, Reader(context.read_label, "empty"))
        elif dtype == pl.Date():
            columns[name] = reading.dates(name)
        elif name in _LABELS:
            columns[name] = reading.text(name, context.read_label)
        elif name in _CATEGORIES:
            columns[name] = reading.text(name, context.read_category)
    columns["narrative"] = reading.text("narrative", read_narrative)
    columns["nationally_designated"] = reading.text(
        "nationally_designated", lambda text: read_yes_no(text) or context.read_category(text)
    )
    columns["status"] = reading.value(
        "status", Reader(context.read_status, "status is not open, suspended, closed or reopened")
    )
    columns["sensitivity"] = _sensitivity(reading)
    return columns


def _sensitivity(reading: Reading) -> pl.Series:
    reason = "sensitivity is not open, pointer_only or silent; taken as silent"
    read = reading.value("sensitivity", Reader(context.read_sensitivity, reason, _is_empty))
    unread = read.is_null() & ~reading.raw("sensitivity").fill_null("").str.strip_chars().eq("")
    guarded = pl.Series([context.MOST_GUARDED]).new_from_index(0, len(read))
    return guarded.zip_with(unread, read).rename("sensitivity")


def _is_empty(text: str) -> bool:
    return not text.strip()
