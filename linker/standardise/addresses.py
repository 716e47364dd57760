"""Postal addresses: street lines, cities, postal codes, and whole addresses on one line."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from linker.standardise.states import us_state
from linker.standardise.tables import word_set
from linker.standardise.text import alphanumeric, is_placeholder, to_ascii, word_list, words

_FORMS: Final = """
    st: street str|ave: avenue av aven avda avenida|rd: road|dr: drive drv|ln: lane|ct: court
    |blvd: boulevard boul bulevar bvd|pl: place|sq: square|ter: terrace terr|cir: circle circ
    |hwy: highway hiway|fwy: freeway|expy: expressway|pkwy: parkway pky|trl: trail|aly: alley
    |plz: plaza|cres: crescent|hts: heights|mt: mount|ft: fort|rte: route|jct: junction
    |bldg: building|n: north norte nte|s: south sur|e: east este oriente ote
    |w: west oeste poniente pte|ne: northeast|nw: northwest|se: southeast|sw: southwest
    |unit: apartment apt appt apartamento depto departamento dpto suite ste interior int lot trlr
    |fl: floor piso|po: pobox|col: colonia|fracc: fraccionamiento|calle: cll|carr: carretera
    |cda: cerrada|priv: privada|andador: and|mza: manzana mz|lte: lote|esq: esquina|1st: first
    |2nd: second|3rd: third|4th: fourth|5th: fifth|6th: sixth|7th: seventh|8th: eighth|9th: ninth
    |10th: tenth
"""
"""Words of street lines under their common abbreviation.

After Publication 28 of the United States Postal Service and the address standard of Mexico
(INEGI, Norma Técnica sobre Domicilios Geográficos); every kind of unit is one word.
"""

_SHORT: Final = {
    form: short.strip()
    for short, forms in (row.split(":") for row in _FORMS.split("|"))
    for form in forms.split()
}
_STREET_TYPES: Final = word_set(
    "st ave rd dr ln ct blvd pl sq ter cir hwy fwy expy pkwy trl aly plz way cres"
)
_DIRECTIONS: Final = word_set("n s e w ne nw se sw")
_NUMBERED: Final = word_set("no num nro nr numero ndeg")
"""Words that say that a number follows, which others leave out: "Calle Juárez No. 321"."""
_HOUSE: Final = re.compile(r"# ?([0-9]+[a-z]?\b)(?![ ,]*[0-9])")
"""A number sign that begins a line is a house's; before another number it is a unit's."""
_PO_BOX: Final = re.compile(r"\bp\.? ?o\.? ?box\b")
_END: Final = re.compile(r"(.*[^ ,]) ?(?:,| )+([0-9]{5})(?:-?[0-9]{4})?")
_CITY_STATE: Final = re.compile(r"([^,]*[0-9].*), ?([a-z][a-z .'-]*), ?([a-z]{2})")
_ZIP_PLUS_FOUR: Final = re.compile(r"([0-9]{5})[0-9]{4}")
_FLOAT: Final = re.compile(r"([0-9]+)\.0+")
_LONGEST: Final = 200


class Address(NamedTuple):
    """An address in its parts; a part that the text does not give is None."""

    street: str | None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None


def read_street(text: str) -> str | None:
    """Return a street line as lower-case words in their common abbreviations.

    Units stay, all named "unit"; "#" before a number is one too, but at the start the number of the
    house. "No." and the like before a number are left out.

    Args:
        text: Such as "123 North Main Street, Apt. 4".
    """
    plain = to_ascii(text)
    if "#" in plain:
        plain = _HOUSE.sub(r"\1", plain, count=1) if plain[0] == "#" else plain
        plain = plain.replace("#", " unit ")
    if "box" in plain:
        plain = _PO_BOX.sub("po box", plain)
    short: list[str] = []
    for word in word_list(plain):
        form = _SHORT.get(word, word)
        if word[0].isdigit():
            while short and short[-1] in _NUMBERED:
                short.pop()
        if form != "unit" or short[-1:] != ["unit"]:
            short.append(form)
    return " ".join(short) or None


def read_city(text: str) -> str | None:
    """Return a city as lower-case ASCII words.

    Args:
        text: A city's name.
    """
    return words(text) or None


def read_postal_code(text: str) -> str | None:
    """Return a postal code: letters and digits in capitals, a US ZIP+4 cut to five digits.

    Args:
        text: A postal code of any country.
    """
    number = _FLOAT.fullmatch(text.strip())
    plain = alphanumeric(number.group(1) if number else text)
    longer = _ZIP_PLUS_FOUR.fullmatch(plain)
    plain = longer.group(1) if longer else plain
    unknown = is_placeholder(text) or is_placeholder(plain) or not plain.strip("0")
    return None if unknown or plain == "99999" else plain


def read_address(text: str) -> Address:
    """Split a one-line address that clearly ends in a city and US state; else all is street.

    "123 Main Street, Las Vegas NV 89132" gives street, city, state and postal code; so does, but
    for the code, "123 Main Street, Las Vegas, NV". Where no comma
    parts street from city, the city follows the street's type; where it has none, no city is told.

    Args:
        text: A street line, or a whole address.
    """
    plain = to_ascii(text)
    if len(plain) > _LONGEST:
        return Address(read_street(text))
    match = _END.fullmatch(plain) if plain[-4:].isdigit() else None
    ending = _state_ending(match.group(1)) if match else None
    if match is None or ending is None:
        short = _CITY_STATE.fullmatch(plain) if "," in plain else None
        state = us_state(short.group(3)) if short else None
        if short is None or state is None:
            return Address(read_street(text))
        return Address(read_street(short.group(1)), read_city(short.group(2)), state)
    head, state = ending
    street, city = _street_and_city(head)
    return Address(read_street(street), read_city(city), state, read_postal_code(match.group(2)))


def _state_ending(head: str) -> tuple[str, str] | None:
    """Split the state, a code or one or two words, off the end of `head`."""
    tokens = head.replace(",", " , ").split()
    # A code first, then two words: West Virginia is not Virginia.
    for size, longest in ((1, 2), (2, _LONGEST), (1, _LONGEST)):
        named = " ".join(tokens[-size:]).strip(".")
        state = us_state(named) if len(named) <= longest else None
        if state is not None and len(tokens) > size:
            return " ".join(tokens[:-size]).strip(" ,"), state
    return None


def _street_and_city(head: str) -> tuple[str, str]:
    street, comma, city = head.rpartition(",")
    if comma and not any(character.isdigit() for character in city):
        return street, city
    tokens = head.replace(",", " ").split()
    ends = [at for at, token in enumerate(tokens) if _short(token) in _STREET_TYPES]
    if not ends:
        return head, ""
    end = ends[-1] + 1
    while end < len(tokens) and _short(tokens[end]) in _DIRECTIONS:
        end += 1
    city = " ".join(tokens[end:])
    return (head, "") if any(c.isdigit() for c in city) else (" ".join(tokens[:end]), city)


def _short(token: str) -> str:
    word = token.strip(".")
    return _SHORT.get(word, word)
