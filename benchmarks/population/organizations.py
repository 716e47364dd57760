"""True organizations: carriers, front companies and criminal organizations, and who leads them."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.cultures import CULTURES
from benchmarks.population.draws import Bools, Ints, chance, pick
from benchmarks.population.fronts import generic_cores, make_fronts
from benchmarks.population.homes import addresses, phones
from benchmarks.population.names import Vocabulary
from benchmarks.population.numbering import coded
from benchmarks.population.people import Columns
from benchmarks.population.places import Cities
from benchmarks.population.rates import Rates

STYLE_WEIGHTS: Final = (40, 32, 10, 18)
MEXICAN, AMERICAN, CHINESE, CRIMINAL = range(4)

KINDS: Final = ("carrier", "front_company", "unknown", "criminal_org")
FORMS: Final = (
    ("S.A. de C.V.", "S. de R.L. de C.V.", "S.A.P.I. de C.V.", "S.C."),
    ("LLC", "Inc.", "Corp.", "Co.", "Ltd."),
    ("Co., Ltd.", "Ltd.", "Group Co., Ltd."),
)
"""Legal forms by style; criminal organizations have none."""

CORE_KEPT: Final = 0.5
"""Share of organizations whose other trading name has the same telling word; an assumption."""

_MEXICAN_HEADS: Final = (
    "Transportes|Autotransportes|Fletes|Logística|Mudanzas|Paquetería|Comercializadora|Constructora|"
    "Importadora|Exportadora|Refacciones|Autobuses|Taxis|Hotel|Restaurante|Ferretería|Abarrotes|"
    "Inmobiliaria|Servicios|Distribuidora"
).split("|")
_MEXICAN_TAILS: Final = (
    "del Norte|de la Frontera|del Bravo|del Pacífico|del Golfo|Internacional|Hermanos|e Hijos|"
    "y Asociados|de Chihuahua|de Sonora|de Tamaulipas|Express|del Desierto"
).split("|")
_AMERICAN_HEADS: Final = (
    "Trucking|Freight|Logistics|Transport|Towing|Auto Sales|Imports|Farms|Seafood|Drywall|Roofing|"
    "Landscaping|Construction|Shuttle|Bus Lines|Produce|Properties|Labor Services|Used Cars|Storage"
).split("|")
_AMERICAN_TAILS: Final = (
    "Brothers|& Sons|Southwest|Express|International|Border|of Texas|Family".split("|")
)
_CHINESE_HEADS: Final = "Trading|International|Import Export|Shipping|Logistics|Industry".split("|")
_CRIMINAL_HEADS: Final = (
    "Organización|Cártel|Los|Grupo|Banda|Célula|Red|La Línea|Gente de|Clan"
).split("|")
_CRIMINAL_TAILS: Final = (
    "del Norte|de la Sierra|del Golfo|Nueva Generación|del Río|de Juárez".split("|")
)
_FIRST_WORDS: Final = (
    "Águila Estrella Sol León Delta Halcón Cóndor Puma Luna Cobra Rayo Trueno Oro Plata Diamante "
    "Lobo Jaguar Toro Roble Mezquite Lone Golden Blue Silver Red Desert Mesa Eagle Summit Patriot"
).split()
_SECOND_WORDS: Final = (
    "Real Azul Negro Blanco Dorado Veloz Fuerte Libre Nuevo Grande Star River Sky Gate Ridge Rock "
    "Line Way Trail Point Sun Wing Horse Canyon Valley Creek Bridge Road Crown Arrow"
).split()


def organizations(
    rng: np.random.Generator,
    rows: int,
    people: Columns,
    vocabulary: Vocabulary,
    cities: Cities,
    rates: Rates,
) -> tuple[Columns, pl.DataFrame]:
    """Return the organizations of a chunk.

    Args:
        rng: The chunk's stream.
        rows: How many organizations.
        people: People of the same chunk, whom leaders are taken from.
        vocabulary: The names.
        cities: The cities.
        rates: The rates in force.

    Returns:
        Columns style, after_leader and front (0 or 1), leader (row in `people`), an address and a
        phone with suffixes ``_1`` and ``_2``; and a frame of head, core, tail, other_head,
        other_core, form, kind, registration_id, tax_id, principal, second_principal (String).
    """
    style = pick(rng, rows, STYLE_WEIGHTS)
    leader = rng.integers(0, len(people["given"]), rows)
    named = chance(rng, rows, rates.named_after_leader)
    table: Columns = {"style": style, "after_leader": named.astype(np.int64), "leader": leader}
    for suffix in ("_1", "_2"):
        home = addresses(rng, (style == MEXICAN) | chance(rng, rows, 0.1), cities)
        own = phones(rng, home["city"], cities) * chance(rng, rows, 0.8)
        # A leader's phone is written as a number of the organization's own city would be.
        of_leader = named | chance(rng, rows, 0.15)
        phone = np.where(of_leader & (suffix == "_1"), people["phone_1"][leader], own)
        table |= {name + suffix: values for name, values in home.items()}
        table["phone" + suffix] = phone
    front = make_fronts(rng, table, style == CRIMINAL, rates.front)
    table["front"] = front.astype(np.int64)
    table["after_leader"] *= ~front
    leader = table["leader"]
    family = vocabulary.words.gather(people["family_1"][leader])
    core = _either(table["after_leader"] > 0, family, _cores(rng, style, vocabulary))
    generic = front & chance(rng, rows, rates.generic_name)
    core = _either(generic, generic_cores(rng, style == AMERICAN), core)
    second = rng.integers(0, len(people["given"]), rows)
    frame = pl.DataFrame(
        {
            "head": _words(rng, style, _heads()),
            "core": core,
            "tail": _tails(rng, style),
            "other_head": _words(rng, style, _heads()),
            "other_core": _either(
                chance(rng, rows, CORE_KEPT), core, _cores(rng, style, vocabulary)
            ),
            "form": _words(rng, style, (*FORMS, ())),
            "kind": _kinds(rng, style, front),
            "registration_id": _registrations(rng, style),
            "tax_id": _tax_ids(rng, style),
            "principal": _person_names(people, leader, vocabulary),
            "second_principal": _person_names(people, second, vocabulary),
        }
    )
    return table, frame


def _heads() -> tuple[list[str], ...]:
    return (_MEXICAN_HEADS, _AMERICAN_HEADS, _CHINESE_HEADS, _CRIMINAL_HEADS)


def _words(
    rng: np.random.Generator, style: Ints, words: tuple[list[str] | tuple[str, ...], ...]
) -> pl.Series:
    """Return a word of each row's style; early words are the frequent ones."""
    flat = [word for group in words for word in group]
    starts = np.cumsum([0, *(len(group) for group in words)])
    sizes = np.array([len(group) for group in words])
    place = starts[style] + (rng.random(len(style)) ** 1.4 * sizes[style]).astype(np.int64)
    place = np.where(sizes[style] > 0, place, len(flat))
    return pl.Series([*flat, None], dtype=pl.String).gather(place)


def _tails(rng: np.random.Generator, style: Ints) -> pl.Series:
    words = _words(rng, style, (_MEXICAN_TAILS, _AMERICAN_TAILS, [], _CRIMINAL_TAILS))
    has_tail = pl.Series(chance(rng, len(style), 0.45))
    return pl.select(pl.when(has_tail).then(words)).to_series()


def _cores(rng: np.random.Generator, style: Ints, vocabulary: Vocabulary) -> pl.Series:
    """Return the telling part: a family name, two, or two words; for Chinese two syllables."""
    rows = len(style)
    hispanic, anglo, chinese = (CULTURES.index(name) for name in ("hispanic", "anglo", "chinese"))
    american = style == AMERICAN
    first, second = (
        vocabulary.words.gather(
            np.where(
                american,
                vocabulary.family[anglo].draw(rng, rows),
                vocabulary.family[hispanic].draw(rng, rows),
            )
        )
        for _ in range(2)
    )
    syllables = vocabulary.words.gather(vocabulary.given[chinese][0].draw(rng, rows))
    word_1 = pl.Series(_FIRST_WORDS).gather(rng.integers(0, len(_FIRST_WORDS), rows))
    word_2 = pl.Series(_SECOND_WORDS).gather(rng.integers(0, len(_SECOND_WORDS), rows))
    manner = pl.Series(pick(rng, rows, [45, 30, 25]))
    return pl.select(
        pl.when(pl.Series(style == CHINESE))
        .then(syllables)
        .when(manner == 0)
        .then(first)
        .when(manner == 1)
        .then(first + " " + second)
        .otherwise(word_1 + " " + word_2)
    ).to_series()


def _kinds(rng: np.random.Generator, style: Ints, front: Bools) -> pl.Series:
    kind = np.where(front, KINDS.index("front_company"), pick(rng, len(style), [60, 20, 20]))
    return pl.Series(KINDS).gather(np.where(style == CRIMINAL, 3, kind))


def _registrations(rng: np.random.Generator, style: Ints) -> pl.Series:
    rows = len(style)
    mexican, other = coded(rng, rows, "N-20########"), coded(rng, rows, "080#######")
    held = chance(rng, rows, 0.6) & (style != CRIMINAL)
    number = _either(style == MEXICAN, mexican, other)
    return pl.select(pl.when(pl.Series(held)).then(number)).to_series()


def _tax_ids(rng: np.random.Generator, style: Ints) -> pl.Series:
    """Return invented tax numbers in the form of a Mexican RFC or a United States EIN."""
    rows = len(style)
    date = (rng.integers(0, 30, rows) * 10_000 + rng.integers(1, 13, rows) * 100).astype(np.int64)
    figures = pl.Series(date + rng.integers(1, 29, rows)).cast(pl.String).str.zfill(6)
    rfc = coded(rng, rows, "AAA") + figures + coded(rng, rows, "A##")
    held = chance(rng, rows, 0.6) & (style != CRIMINAL)
    number = _either(style == MEXICAN, rfc, coded(rng, rows, "##-#######"))
    return pl.select(pl.when(pl.Series(held)).then(number)).to_series()


def _person_names(people: Columns, rows: Ints, vocabulary: Vocabulary) -> pl.Series:
    parts = [
        vocabulary.words.gather(people[column][rows]).alias(column)
        for column in ("given", "family_1", "family_2")
    ]
    return pl.select(pl.concat_str(parts, separator=" ", ignore_nulls=True)).to_series()


def _either(mask: Bools, one: pl.Series, other: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.Series(mask)).then(one).otherwise(other)).to_series()
