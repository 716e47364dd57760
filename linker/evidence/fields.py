"""The columns of a mention in plain words, and which field a person gives for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from linker.schemas import EntityType

FULL_NAME: Final = "full_name"
LISTS: Final = frozenset({"phones", "emails", "plates", "principals", "aliases"})
"""Columns that are headed in the plural: one target has several."""
_ONE_EACH: Final = frozenset({"sex"})
"""Nouns of what everybody has one of, which no one calls one of several."""


@dataclass(frozen=True)
class Noun:
    """What a column is called: of one record, and of both.

    `of_other` says that a value is among those of the other record's list.
    """

    one: str
    many: str
    of_other: str

    @property
    def indefinite(self) -> str:
        """The noun with its article: ``a family name``, ``an A-number``."""
        if self.one in _ONE_EACH:
            return f"the {self.one}"
        an = self.one[0].lower() in "aeiou" or self.one.startswith("FBI")
        return f"{'an' if an else 'a'} {self.one}"


_ONES: Final[Mapping[str, tuple[str, str]]] = {
    "full_name": ("full name", "full names"),
    "given_name": ("given name", "given names"),
    "given_name_root": ("given name", "given names"),
    "nickname_of": ("name that its given name is short for", "names that it is short for"),
    "native_name": (
        "name in Chinese or Korean characters",
        "names in Chinese or Korean characters",
    ),
    "middle_name": ("middle name", "middle names"),
    "surname": ("family name", "family names"),
    "surname_parts": ("family name", "family names"),
    "suffix": ("name suffix", "name suffixes"),
    "name_tokens": ("word of the name", "words of the name"),
    "name_keys": ("word of the name", "words of the name"),
    "name_written": ("word of the name", "words of the name"),
    "name_key": ("name", "names"),
    "name_sounds": ("sound of the family name", "sounds of the family names"),
    "name": ("name", "names"),
    "aliases": ("alias", "aliases"),
    "acronym": ("acronym", "acronyms"),
    "named_countries": ("country in the name", "countries in the name"),
    "birth_date": ("date of birth", "dates of birth"),
    "birth_year": ("year of birth", "years of birth"),
    "birth_month": ("month of birth", "months of birth"),
    "sex": ("sex", "sexes"),
    "birth_place": ("place of birth", "places of birth"),
    "birth_country": ("country of birth", "countries of birth"),
    "citizenship": ("citizenship", "citizenships"),
    "a_number": ("A-number", "A-numbers"),
    "fbi_number": ("FBI number", "FBI numbers"),
    "fingerprint_id": ("fingerprint number", "fingerprint numbers"),
    "ssn": ("Social Security number", "Social Security numbers"),
    "passport": ("passport number", "passport numbers"),
    "national_id": ("national identity number", "national identity numbers"),
    "curp": ("CURP", "CURPs"),
    "driver_license": ("driver license number", "driver license numbers"),
    "registration_id": ("registration number", "registration numbers"),
    "tax_id": ("tax number", "tax numbers"),
    "phones": ("telephone number", "telephone numbers"),
    "emails": ("e-mail address", "e-mail addresses"),
    "plates": ("number plate", "number plates"),
    "principals": ("principal", "principals"),
    "address": ("address", "addresses"),
    "city": ("city", "cities"),
    "state": ("state", "states"),
    "postal_code": ("postal code", "postal codes"),
    "country": ("country", "countries"),
}
_OF_OTHER: Final[Mapping[str, str]] = {
    "nickname_of": "one that the other's given name is short for",
    "name_tokens": "a word of the other's name",
    "name_keys": "a word of the other's name",
}
_HEADINGS: Final[Mapping[str, str]] = {
    "surname": "Family name",
    "location": "Address",
    "birth_date": "Birth date",
    "birth_place": "Birth place",
}
"""Comparison: what it is called where its name would not do, or is another noun's."""
_SEVERAL: Final[Mapping[str, str]] = {
    "phones": "one target has several, and changes them",
    "emails": "one target has several, and changes them",
    "plates": "one target uses several cars, and changes them",
    "principals": "an organization has several, and changes them",
    "a_number": "one person may hold several",
    "passport": "one person may hold several, one after the other",
    "driver_license": "one person may hold several, one after the other",
    "address": "people and firms move",
}
"""Column: why two values that differ say little."""

DERIVED: Final[Mapping[EntityType, Mapping[str, tuple[str, ...]]]] = {
    "person": {
        FULL_NAME: (
            *("full_name", "given_name", "given_name_root", "middle_name", "surname"),
            *("surname_parts", "name_tokens", "name_keys", "name_key", "name_sounds"),
            *("name_written", "nickname_of", "native_name"),
        ),
        "given_name": (
            *("full_name", "given_name", "given_name_root", "nickname_of"),
            *("name_tokens", "name_written", "name_keys", "name_key"),
        ),
        "surname": (
            *("full_name", "surname", "surname_parts", "name_sounds"),
            *("name_tokens", "name_written", "name_keys", "name_key"),
        ),
        "birth_date": ("birth_date", "birth_year", "birth_month", "birth_year_margin"),
        "national_id": ("national_id", "curp"),
    },
    "organization": {
        "name": ("name", "name_tokens", "name_sounds", "acronym", "named_countries"),
        "kind": ("organization_kind",),
    },
}
"""Field: the columns that standardising makes of it; of any other field the column of its name."""
NAME_PARTS: Final = ("given_name", "surname")
"""What a full name consists of; to be asked for one by one only where the other is given."""


def noun(column: str) -> Noun:
    """Return what a column is called; one that has no words of its own is called by its name."""
    plain = column.replace("_", " ")
    one, many = _ONES.get(column, (plain, plain if plain.endswith("s") else f"{plain}s"))
    return Noun(one, many, _OF_OTHER.get(column, f"one of the other's {many}"))


def heading(comparison: str) -> str:
    """Return what a comparison is called at the head of a sentence: ``Birth date``."""
    if comparison in _HEADINGS:
        return _HEADINGS[comparison]
    words = noun(comparison)
    name = words.many if comparison in LISTS else words.one
    return name[:1].upper() + name[1:]


def inline(comparison: str) -> str:
    """Return what a comparison is called within a sentence: ``birth date``, ``FBI number``."""
    words = heading(comparison)
    proper = not words[1:2].islower() or words.startswith("Social")
    return words if proper else words[:1].lower() + words[1:]


def several(columns: Iterable[str]) -> str | None:
    """Return why it says little that columns differ, where one target may have several values."""
    return next((_SEVERAL[column] for column in columns if column in _SEVERAL), None)


def columns_of(field: str, entity_type: EntityType) -> tuple[str, ...]:
    """Return the columns of a mention that standardising makes of a field."""
    return DERIVED[entity_type].get(field, (field,))


def origin(column: str, entity_type: EntityType) -> str:
    """Return the field that a column is made of; of the name's parts the whole name."""
    made = DERIVED[entity_type].items()
    return next((field for field, columns in made if column in columns), column)
