"""One mention standardised by itself: what a query becomes, in a fraction of a millisecond.

The functions that read a value are those of the whole tables; what is written here a second time
is only how their results are put together, value by value instead of column by column. That both
give the same mention is tested on every kind of field and on all records of the test data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from linker.schemas import EntityType
from linker.standardise import names, organizations
from linker.standardise.addresses import read_address
from linker.standardise.attributes import is_spanish_sex_column, read_sex
from linker.standardise.birth_columns import AGE, PRECISION
from linker.standardise.curp import read_curp
from linker.standardise.dates import day_place, read_remains
from linker.standardise.estimates import ABOUT_YEARS
from linker.standardise.mentions import NAMING
from linker.standardise.name_keys import name_keys, name_written, other_given_keys
from linker.standardise.names import NameWords
from linker.standardise.organization_columns import (
    ALIAS_OF_ORGANIZATION,
    MOST_SOUNDS,
    ORGANIZATION_NUMBERS,
    PRINCIPAL,
)
from linker.standardise.person_columns import (
    ALIAS,
    MOST_PARTS,
    NAME_FIELDS,
    PERSON_NUMBERS,
    PERSON_WORDS,
    PLATE,
    SHOWN,
    SUFFIX,
    as_shown,
    sex_reader,
)
from linker.standardise.reading import Reader, date_reader, says_no_date
from linker.standardise.shared_columns import EMAIL, PHONE, PLACE
from linker.standardise.text import is_placeholder, trimmed

Mention = dict[str, object]
"""Columns of a mention and what it has of them; what it lacks is not there."""

_LISTS: Final[Mapping[EntityType, Mapping[str, Reader]]] = {
    "person": {"phones": PHONE, "emails": EMAIL, "plates": PLATE},
    "organization": {"phones": PHONE, "emails": EMAIL, "principals": PRINCIPAL},
}


@dataclass
class _Given:
    """The fields of one mention as they are written, and what of them could not be read."""

    fields: Mapping[str, str | list[str]]
    as_of: dt.date | None
    unread: dict[str, str] = field(default_factory=dict)

    def raw(self, name: str) -> str | None:
        value = self.fields.get(name)
        return value if isinstance(value, str) else None

    def raw_list(self, name: str) -> list[str]:
        value = self.fields.get(name)
        return [value] if isinstance(value, str) else list(value or ())

    def text(self, name: str, read: Callable[[str], object]) -> object:
        """Return a field; what says nothing, or cannot be read, is silently None."""
        raw = self.raw(name)
        return None if raw is None or is_placeholder(raw) else read(raw)

    def value(self, name: str, reader: Reader) -> object:
        """Return a field; what cannot be read is None and told."""
        raw = self.raw(name)
        return None if raw is None else self._read(name, raw, reader)

    def values(self, name: str, reader: Reader) -> list[str] | None:
        """Return a list field: distinct values, sorted; None where there are none."""
        read = {self._read(name, raw, reader) for raw in self.raw_list(name)}
        return sorted(str(value) for value in read if value is not None) or None

    def day(self, name: str) -> dt.date | None:
        """Return a field that must be a whole date."""
        raw = self.raw(name)
        if raw is None:
            return None
        found = None if says_no_date(raw) else date_reader(None, self.as_of)(raw)
        if found is not None and found.month is not None and found.day is not None:
            return dt.date(found.year, found.month, found.day)
        if not says_no_date(raw):
            self.unread.setdefault(name, "not a whole date")
        return None

    def _read(self, name: str, raw: str, reader: Reader) -> object:
        if reader.says_nothing(raw):
            return None
        found = reader.read(raw)
        if found is None:
            self.unread.setdefault(name, reader.reason)
        return found


def standardise_one(
    entity_type: EntityType, fields: Mapping[str, str | list[str]], as_of: dt.date | None
) -> tuple[Mention, dict[str, str]]:
    """Return one mention, as `linker.standardise.mentions.standardise` makes it of one row.

    Args:
        entity_type: What it is of.
        fields: Canonical fields, as a person writes them: texts, or lists of texts.
        as_of: The day from which an age without a date counts back.

    Returns:
        The mention, empty where it names nobody; and of each field that could not be read, why.
    """
    given = _Given({name: value for name, value in fields.items() if value}, as_of)
    made = _person(given) if entity_type == "person" else _organization(given)
    for name, reader in _LISTS[entity_type].items():
        made[name] = given.values(name, reader)
    made |= _place(given)
    mention = {name: value for name, value in made.items() if value is not None}
    return (mention if any(name in mention for name in NAMING[entity_type]) else {}), given.unread


def _person(given: _Given) -> Mention:
    made = _names(given) | _birth(given)
    made |= {name: given.text(name, read) for name, read in PERSON_WORDS.items()}
    made |= {name: given.value(name, reader) for name, reader in PERSON_NUMBERS.items()}
    raw = given.raw("sex")
    spanish = raw is not None and is_spanish_sex_column([raw])
    made["sex"] = given.value("sex", sex_reader(lambda text: read_sex(text, spanish=spanish)))
    return made | _curp(made)


def _names(given: _Given) -> Mention:
    aliases = given.values("aliases", ALIAS)
    read = {
        name: NameWords(*((part or None) for part in function(raw)))  # type: ignore[arg-type]
        for name, function in NAME_FIELDS.items()
        if (raw := given.raw(name)) is not None
    }
    if not read:
        return {"aliases": aliases}
    nothing = NameWords(*(None for _ in NameWords._fields))  # type: ignore[arg-type]
    of = {name: read.get(name, nothing) for name in NAME_FIELDS}
    whole, own = of["full_name"], of["given_name"]
    # a single word is a family name only where the record gives no given name
    full_family = whole.family if own.given is None or whole.given is not None else None
    told_family = _joined(of["surname"].family, of["second_surname"].family)
    told_particles = _joined(of["surname"].prefix, of["second_surname"].prefix)
    told_prefix = given.text("surname_prefix", names.read_prefix) or None
    told_suffix = given.value("suffix", SUFFIX) or None
    first = own.given if own.given is not None else whole.given
    family = told_family if told_family is not None else full_family
    given_name, _, rest = (first or "").partition(" ")
    middle_name = _joined(rest or None, of["middle_name"].given)
    suffixes = [told_suffix, *(words.suffix for words in of.values())]
    suffix = next((found for found in suffixes if found is not None), None)
    every = _joined(whole.given, full_family, whole.other, first, middle_name, family)
    words = f"{_joined(given_name or None, middle_name) or ''}|{family or ''}"
    keys = (name_keys(words) or "").split()
    found = [name for words in of.values() if words.aliases for name in words.aliases.split("|")]
    sounds = names.family_sounds(family) if family else None
    as_given = _as_given(given)
    short_for = other_given_keys(given_name) if given_name else None
    return {
        "name_as_given": as_given,
        "full_name": _joined(given_name or None, middle_name, family, suffix),
        "given_name": given_name or None,
        "given_name_root": keys[0] if given_name and keys else None,
        "nickname_of": short_for.split(" ") if short_for else None,
        "middle_name": middle_name,
        "surname": family,
        "surname_parts": family.split(" ")[:MOST_PARTS] if family else None,
        "surname_prefix": told_prefix or (told_particles if told_family else whole.prefix),
        "native_name": names.native_name(as_given) if as_given else None,
        "suffix": suffix,
        "name_tokens": sorted(set(every.split(" "))) if every else None,
        "name_written": (name_written(words) or "").split() or None,
        "name_keys": keys or None,
        "name_key": " ".join(sorted(keys)) or None,
        "name_sounds": sounds.split(" ") if sounds else None,
        "aliases": sorted({*(aliases or ()), *found}) or None,
    }


def _joined(*parts: object) -> str | None:
    return " ".join(str(part) for part in parts if part is not None) or None


def _as_given(given: _Given) -> str | None:
    told = {
        name: as_shown(raw)
        for name in ("full_name", *SHOWN)
        if (raw := given.raw(name)) is not None
    }
    parts = _joined(*(text for name, text in told.items() if name != "full_name"))
    return told["full_name"] if told.get("full_name") is not None else parts


def _birth(given: _Given) -> Mention:
    if not given.fields.keys() & {"birth_date", "age"}:
        return {}
    raw = given.raw("birth_date")
    day_first = raw is not None and day_place(raw) == 1
    found = None
    if raw is not None and not says_no_date(raw):
        found = date_reader(None, given.as_of, day_first=day_first)(raw)
        if found is None:
            given.unread.setdefault("birth_date", "not a date")
            found = read_remains(raw, day_first=day_first)
    told = given.value("birth_date_precision", PRECISION)
    age = given.value("age", AGE)
    observed = given.day("observed_on") or given.as_of
    made: Mention = {}
    if found is not None:
        new_year = (found.month, found.day) == (1, 1) and told != "day"
        if told in {"year", "estimated"} or found.month is None or new_year:
            precision = "year"
        elif told == "month" or found.day is None:
            precision = "month"
        else:
            precision = "day"
            made["birth_date"] = dt.date(found.year, found.month, found.day)
        margin = found.margin if found.month is None else 0
        margin = ABOUT_YEARS if told == "estimated" and margin == 0 else margin
        made["birth_year"] = found.year
        made["birth_month"] = found.month if precision in {"day", "month"} else None
    elif isinstance(age, int) and observed is not None:
        precision, margin = "year", age % 100
        made["birth_year"] = observed.year - age // 100
        if told == "estimated" and margin == 0:
            margin = ABOUT_YEARS
    else:
        return {}
    made["birth_year_margin"] = margin
    made["birth_date_precision"] = "estimated" if margin > 1 else precision
    return made


def _curp(made: Mention) -> Mention:
    number = made.get("national_id")
    told = read_curp(number) if isinstance(number, str) else None
    if told is None:
        return {}
    found: Mention = {"curp": number}
    if made.get("birth_year") is None:
        born = dt.date.fromisoformat(told.born)
        found |= {"birth_date": born, "birth_date_precision": "day", "birth_year": born.year}
        found |= {"birth_year_margin": 0, "birth_month": born.month}
    if made.get("sex") is None:
        found["sex"] = told.sex or None
    return found


def _organization(given: _Given) -> Mention:
    made: Mention = {n: given.value(n, reader) for n, reader in ORGANIZATION_NUMBERS.items()}
    aliases = given.values("aliases", ALIAS_OF_ORGANIZATION)
    made["aliases"] = aliases
    made["organization_kind"] = given.text("kind", organizations.read_organization_kind)
    raw = given.raw("name")
    if raw is None:
        return made
    read = organizations.read_organization(raw)
    name = read.name or None
    tokens = organizations.organization_tokens(name) if name else None
    sounds = names.name_sounds(tokens) if tokens is not None else None
    found = read.aliases.split("|") if read.aliases else []
    return made | {
        "name_as_given": given.text("name", trimmed),
        "name": name,
        "legal_form": read.legal_form or None,
        "named_countries": read.countries or None,
        "name_tokens": tokens.split(" ") if tokens else None,
        "name_sounds": sounds.split(" ")[:MOST_SOUNDS] if sounds else None,
        "acronym": organizations.acronym(name) if name else None,
        "aliases": sorted({*(aliases or ()), *found}) or None,
    }


def _place(given: _Given) -> Mention:
    made = {name: given.text(name, read) for name, read in PLACE.items()}
    raw = given.raw("address")
    if raw is None:
        return made
    parts = read_address(raw)
    for name in ("city", "state", "postal_code"):
        if made.get(name) is None:
            made[name] = getattr(parts, name)
    return made | {"address": parts.street}
