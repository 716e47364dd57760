"""The columns of `schemas.ORGANIZATION`, built from the mapped fields of one source."""

from __future__ import annotations

from typing import Final

import polars as pl

from linker.standardise import identifiers, names, organizations
from linker.standardise.lists import merged, split
from linker.standardise.organizations import OrganizationWords
from linker.standardise.reading import Reader, Reading
from linker.standardise.shared_columns import IDENTIFIER, Columns
from linker.standardise.text import is_placeholder_name, trimmed
from linker.standardise.uniques import map_uniques, map_uniques_to_columns

MOST_SOUNDS: Final = 4
ORGANIZATION_NUMBERS: Final = {
    "registration_id": IDENTIFIER,
    "tax_id": Reader(identifiers.read_tax_id, IDENTIFIER.reason, identifiers.is_placeholder_tax_id),
}
ALIAS_OF_ORGANIZATION: Final = Reader(organizations.canonical_organization, "no name in it")
PRINCIPAL: Final = Reader(names.canonical_name, "no name in it", is_placeholder_name)


def organization_columns(reading: Reading) -> Columns:
    """Return the columns that only organizations have.

    Args:
        reading: The source's rows.
    """
    columns = {
        n: reading.value(n, reader) for n, reader in ORGANIZATION_NUMBERS.items() if reading.has(n)
    }
    if reading.has("principals"):
        columns["principals"] = reading.values("principals", PRINCIPAL)
    if reading.has("aliases"):
        columns["aliases"] = reading.values("aliases", ALIAS_OF_ORGANIZATION)
    if reading.has("kind"):
        columns["organization_kind"] = reading.text("kind", organizations.read_organization_kind)
    return columns | (_name_columns(reading, columns) if reading.has("name") else {})


def _name_columns(reading: Reading, told: Columns) -> Columns:
    read = map_uniques_to_columns(
        reading.raw("name"), organizations.read_organization, OrganizationWords._fields
    ).with_columns(pl.when(pl.all() != "").then(pl.all()).name.keep())
    name, found = read["name"], split(read["aliases"], "|")
    tokens = map_uniques(name, organizations.organization_tokens, pl.String())
    sounds = split(map_uniques(tokens, names.name_sounds, pl.String()), " ")
    return {
        "name_as_given": reading.text("name", trimmed),
        "name": name,
        "legal_form": read["legal_form"],
        "named_countries": read["countries"],
        "name_tokens": split(tokens, " "),
        "name_sounds": sounds.list.head(MOST_SOUNDS),
        "acronym": map_uniques(name, organizations.acronym, pl.String()),
        "aliases": merged(told.get("aliases", found), found),
    }
