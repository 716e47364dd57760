"""Random mentions that are often alike: few values, misspelt, in each other's place, missing."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from linker.schemas import ORGANIZATION, PERSON, EntityType

GIVEN = ("ana", "anna", "juan", "juana", "josé", "j", "漢字", "maria", "mario", "")
FAMILY = ("cruz", "cruse", "lópez", "lopes", "garcía", "garza", "juan", "ñ")
FIRMS = ("gulf", "freight", "gulff", "apex", "foods", "食品", "marine")
STREETS = ("5 elm st", "elm st 5 unit 2", "elm st", "5 elm st dover", "52 elm st")
DAYS = (dt.date(1980, 5, 4), dt.date(1980, 4, 5), dt.date(1980, 5, 14), dt.date(1981, 5, 4))


def people(count: int, seed: int) -> pl.DataFrame:
    draw = random.Random(seed)
    rows = [{"mention": mention, **_person(draw)} for mention in range(count)]
    return pl.DataFrame(rows, schema=dict(PERSON))


def organizations(count: int, seed: int) -> pl.DataFrame:
    draw = random.Random(seed)
    rows = [{"mention": mention, **_organization(draw)} for mention in range(count)]
    return pl.DataFrame(rows, schema=dict(ORGANIZATION))


def some(entity_type: EntityType, count: int, seed: int) -> pl.DataFrame:
    return (people if entity_type == "person" else organizations)(count, seed)


def _maybe(draw: random.Random, make: Callable[[], Any], missing: float = 0.15) -> Any:
    return None if draw.random() < missing else make()


def _misspelt(draw: random.Random, values: Sequence[str]) -> str:
    value = draw.choice(values)
    if draw.random() < 0.2 and value:
        at = draw.randrange(len(value))
        value = value[:at] + draw.choice("aéxz") + value[at + draw.randint(0, 1) :]
    return value


def _list(draw: random.Random, values: Sequence[str], most: int) -> list[str | None]:
    """Values, now and then twice or missing, or none at all."""
    found: list[str | None] = [_misspelt(draw, values) for _ in range(draw.randint(0, most))]
    if found and draw.random() < 0.2:
        found.append(draw.choice([None, found[0]]))
    return found


def _person(draw: random.Random) -> dict[str, Any]:
    given = _maybe(draw, lambda: _misspelt(draw, GIVEN))
    parts = _maybe(draw, lambda: _list(draw, FAMILY, 2))
    surname = " ".join(part for part in parts or [] if part) or None
    middle = _maybe(draw, lambda: draw.choice([*GIVEN, "a", "j"]), 0.5)
    day = draw.choice(DAYS) + dt.timedelta(draw.choice([0, 0, 0, 1, 30, 31, 365, 400]))
    precise = draw.random() < 0.7
    keys = list(dict.fromkeys(word for word in (given, *(parts or []), middle) if word))
    return {
        "given_name": given,
        "given_name_root": "ana" if given in {"ana", "anna", "juana"} else given,
        "middle_name": middle,
        "surname": surname,
        "surname_parts": parts,
        "full_name": f"{given} {surname}" if given and surname else None,
        "name_keys": keys or None,
        "name_written": _maybe(
            draw, lambda: list(dict.fromkeys(_misspelt(draw, keys) for _ in keys))
        )
        if keys
        else None,
        "name_key": " ".join(sorted(keys)) or None,
        "aliases": _maybe(draw, lambda: _list(draw, ["ana cruz", "juan lópez", "el 漢"], 2), 0.5),
        "birth_date": day if precise else None,
        "birth_year": day.year if precise or draw.random() < 0.7 else None,
        "birth_month": day.month if precise or draw.random() < 0.4 else None,
        "birth_year_margin": _maybe(draw, lambda: draw.choice([0, 1, 3]), 0.7),
        "national_id": (number := _maybe(draw, lambda: draw.choice(["X12", "X21", "Y99"]), 0.7)),
        "curp": number if draw.random() < 0.6 else None,
        "plates": _maybe(draw, lambda: _list(draw, ["ABC123", "A8C123", "C123", "XYZ987"], 2), 0.5),
        "fingerprint_id": _maybe(draw, lambda: draw.choice(["F100", "F101", "G777"]), 0.7),
        "fbi_number": _maybe(draw, lambda: draw.choice(["12345", "12354", "99999"]), 0.7),
        "phones": _maybe(draw, lambda: _list(draw, ["1", "2", "3", "4"], 3), 0.3),
        "address": _maybe(draw, lambda: draw.choice(STREETS), 0.4),
    }


def _organization(draw: random.Random) -> dict[str, Any]:
    words = [_misspelt(draw, FIRMS) for _ in range(draw.randint(1, 3))]
    named = draw.random() < 0.9
    return {
        "name": " ".join(words) if named else None,
        "name_tokens": sorted(set(words)) if named else None,
        "aliases": _maybe(draw, lambda: _list(draw, ["apex foods", "gulf marine"], 2), 0.4),
        "tax_id": _maybe(draw, lambda: draw.choice(["T1", "T2", "T3"]), 0.4),
        "legal_form": _maybe(draw, lambda: draw.choice(["llc", "inc"]), 0.4),
    }
