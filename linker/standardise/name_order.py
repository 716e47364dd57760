"""The order of words in a name: which are given, which are family names, what leads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from linker.standardise.languages.chinese import is_chinese_order
from linker.standardise.languages.korean import is_korean_order
from linker.standardise.name_words import (
    FAMILY_OR_GIVEN,
    GIVEN_PARTICLES,
    GIVEN_TITLES,
    GLUED,
    HONOURS,
    HONOURS_OF,
    JOINED,
    MISSING,
    ORDINAL,
    PARTICLE_SPELLINGS,
    PARTICLES,
    POST_NOMINALS,
    SUFFIXES,
    TITLES,
    VIETNAMESE,
    is_family_name,
)

PLAIN: Final = re.compile(r"[a-z]+(?: [a-z]+)*")
"""Words of letters alone, separated by one space."""
_FAMILY_FIRST: Final = re.compile(r"([a-z]+(?: [a-z]+)*) ?, ?([a-z]+(?: [a-z]+)*)")
_MISREAD: Final = str.maketrans({"0": "o", "1": "l", "|": "l"} | dict.fromkeys("23456789", ""))
_PAIR: Final = 2
_FOUR: Final = 4
_TOKEN: Final = re.compile(r"[a-z0-9|]+(?:-[a-z0-9|]+)*")
_RELATION: Final = re.compile(r"(?<![a-z])(?:[sdw]/o|a/[lp])(?![a-z])")
"""Son, daughter or wife of, in India and Malaysia: what follows is a name of the parent."""
_INITIALS: Final = re.compile(r"(?!bt|ct|pt|rt)[bcdjkprt][bcdjkptw](?![a-z])")
"""Two letters that are no name, title or abbreviation: J.C. written as one, as T.J. and R.J. are.

Not "md" (Mohammed), "wm" (William), "ng" or "jr".
"""

_VIETNAMESE_PARTICLES: Final = PARTICLES - {"van"}
"""Van is a middle name of every third Vietnamese man, and a given name."""

_UNUSUAL: Final = (
    PARTICLES
    | GLUED.keys()
    | JOINED.keys()
    | TITLES
    | SUFFIXES.keys()
    | POST_NOMINALS
    | HONOURS
    | HONOURS_OF
    | MISSING
    | {"aka", "alias", "fka", "nka", "known", "k"}
    | {"conocido", "conocida"}
)
"""Words that make a name more than a row of words."""


class _Unit(NamedTuple):
    """What counts as one word of a name: compounds kept together, particles apart."""

    words: tuple[str, ...]
    prefix: tuple[str, ...] = ()


def tokenize(plain: str) -> list[str]:
    """Split lower-case ASCII text into words of letters; hyphens stay, ordinals stay whole.

    Args:
        plain: A name; digits misread for letters are put right, others dropped.
    """
    if PLAIN.fullmatch(plain):
        return plain.split()
    tokens = []
    if "/" in plain:
        plain = _RELATION.sub(" ", plain)
    for token in _TOKEN.findall(plain.replace("'", "").replace("`", "")):
        if token.isalpha() or ORDINAL.fullmatch(token):
            tokens.append(token)
            continue
        parts = [
            p if p.isalpha() else p.translate(_MISREAD) for p in token.split("-") if _has_letter(p)
        ]
        if any(parts):
            tokens.append("-".join(filter(None, parts)))
    return tokens


def _has_letter(token: str) -> bool:
    return any(character.isalpha() for character in token)


def comma_parts(plain: str) -> tuple[list[list[str]], str, str]:
    """Split at commas, take off suffixes and peerages; return the parts, the suffix, the rest.

    Args:
        plain: A lower-case ASCII name.
    """
    parts = [tokens for part in plain.split(",") if (tokens := tokenize(part))]
    suffix, other = "", []
    while len(parts) > 1 and all(
        token in SUFFIXES or token in POST_NOMINALS for token in parts[-1]
    ):
        suffix = next((SUFFIXES[token] for token in parts[-1] if token in SUFFIXES), suffix)
        parts.pop()
    kept: list[list[str]] = []
    for part in parts:
        cut = _peerage(part, 0 if kept else 1)
        other.extend(part[cut:])
        if part[:cut]:
            kept.append(part[:cut])
    ignored = HONOURS | HONOURS_OF | PARTICLES
    rest = [
        word for word in single_words(other) if word not in ignored and not ORDINAL.fullmatch(word)
    ]
    return kept, suffix, " ".join(rest)


def _peerage(tokens: list[str], start: int) -> int:
    """Return where in `tokens`, from `start` on, a peerage begins, or their number."""
    for at in range(start, len(tokens)):
        token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
        honours = following in HONOURS or following in HONOURS_OF or following == "of"
        if ORDINAL.fullmatch(token) and honours:
            return at
        if token in HONOURS or (token in HONOURS_OF and following == "of"):
            return at
        if start == 0 and at == 0 and token == "of":
            return at
    return len(tokens)


def without_titles(tokens: list[str]) -> list[str]:
    """Take the titles off the front of a name.

    Args:
        tokens: The words of a name.
    """
    start = 0
    while start < len(tokens) - 1:
        token = tokens[start]
        title = token in TITLES or ("-" in token and all(t in TITLES for t in token.split("-")))
        if not title or (token in GIVEN_TITLES and len(tokens) - start <= _PAIR):
            break
        start += 1
    return tokens[start:]


def without_suffix(tokens: list[str]) -> tuple[list[str], str]:
    """Take the suffix off the end of a name; both come back, the suffix perhaps empty.

    Args:
        tokens: The words of a name.
    """
    suffix = ""
    end = len(tokens)
    while end > 1 and (tokens[end - 1] in SUFFIXES or tokens[end - 1] in POST_NOMINALS):
        suffix = SUFFIXES.get(tokens[end - 1], suffix)
        end -= 1
    # Ordinals that are no suffix number a peer; they are not part of the name.
    return [token for token in tokens[:end] if not token[0].isdigit()], suffix


def single_words(tokens: list[str]) -> list[str]:
    """Split hyphened words.

    Args:
        tokens: The words of a name.
    """
    return [word for token in tokens for word in token.split("-")]


def given_part(tokens: list[str], family: Sequence[str] | None = None) -> tuple[str, str]:
    """Return the given names and the particles that trail them, as in "Cruz, Juan de la".

    Args:
        tokens: Words that are all given names.
        family: The family names, if they are known. Unless they are others than Vietnamese ones
            "Van" is a given name.
    """
    known = PARTICLES if family and VIETNAMESE.isdisjoint(family) else _VIETNAMESE_PARTICLES
    flat = [word for word in single_words(tokens) if not word[0].isdigit()]
    end = len(flat)
    while end > 1 and flat[end - 1] in known:
        end -= 1
    named = [word for word in flat[:end] if word not in known] or flat[:end]
    given = " ".join(word for word in named if word not in MISSING)
    return _initials_apart(given), " ".join(flat[end:])


def family_part(tokens: list[str]) -> tuple[str, str, str]:
    """Return the family names, their particles and the suffix of what is all family name.

    Args:
        tokens: Words that are all family names.
    """
    tokens, suffix = without_suffix(without_titles(tokens))
    units = _units(tokens, given_first=False)
    family = [word for unit in units for word in unit.words if word not in MISSING]
    return " ".join(family), " ".join(word for unit in units for word in unit.prefix), suffix


def _initials_apart(given: str) -> str:
    """Return given names with two initials that open them apart: "jc" is "j c"."""
    return f"{given[0]} {given[1:]}" if _INITIALS.match(given) else given


def in_usual_order(tokens: list[str]) -> tuple[str, str] | None:
    """Return given names and family names where no word needs a second look, else None.

    The common case, much faster than `in_order` and equal to it.

    Args:
        tokens: The words of a name without comma, hyphen or other sign.
    """
    if not _UNUSUAL.isdisjoint(tokens):
        return None
    if len(tokens) == 1:
        return "", tokens[0]
    if is_korean_order(tokens):
        return " ".join(tokens[1:]), tokens[0]
    family = 1
    if len(tokens) > _PAIR and is_family_name(tokens[-1]) and is_family_name(tokens[-2]):
        family = 1 if tokens[-2] in FAMILY_OR_GIVEN and len(tokens) < _FOUR else 2
    return _initials_apart(" ".join(tokens[:-family])), " ".join(tokens[-family:])


def usual_family_first(plain: str) -> tuple[str, str] | None:
    """Return given names and family names where a comma parts them, else None.

    None also where any word needs a second look. The common case of a name with a comma, much
    faster than `comma_parts`, `given_part` and `family_part`, and equal to them.

    Args:
        plain: A lower-case ASCII name.
    """
    match = _FAMILY_FIRST.fullmatch(plain)
    if match is None:
        return None
    family, given = match.groups()
    if _UNUSUAL.isdisjoint(family.split(" ")) and _UNUSUAL.isdisjoint(given.split(" ")):
        return _initials_apart(given), family
    return None


def in_order(tokens: list[str]) -> tuple[str, str, str, str]:
    """Return given names, family names, particles and suffix of a name written given name first.

    Args:
        tokens: The words of a name without a comma.
    """
    tokens, suffix = without_suffix(without_titles(tokens))
    if len(tokens) == 1 and not all(map(is_family_name, tokens[0].split("-"))):
        tokens = tokens[0].split("-")  # a whole name, unless it is two family names
    if tokens and (is_korean_order(tokens) or is_chinese_order(tokens)):
        return " ".join(single_words(tokens[1:])), tokens[0], "", suffix
    units = _units(tokens, given_first=True)
    if not units:
        return "", "", "", suffix
    last = _family_units(units)
    family = [word for unit in units[-last:] for word in unit.words if word not in MISSING]
    prefix = [word for unit in units[-last:] for word in unit.prefix]
    given = [word for unit in units[:-last] for word in unit.words if word not in MISSING]
    return _initials_apart(" ".join(given)), " ".join(family), " ".join(prefix), suffix


def _family_units(units: list[_Unit]) -> int:
    """Return how many units at the end are family names."""
    if len(units) > 1 and units[0].words[0] in MISSING:
        return len(units) - 1
    if len(units) <= _PAIR or len(units[-1].words) > 1 or len(units[-2].words) > 1:
        return 1
    maternal, paternal = units[-1].words[0], units[-2].words[0]
    if maternal in MISSING or not (is_family_name(maternal) and is_family_name(paternal)):
        return 1
    return 1 if paternal in FAMILY_OR_GIVEN and len(units) < _FOUR else 2


def _units(tokens: list[str], *, given_first: bool) -> list[_Unit]:
    """Group words with the particles that lead them; hyphens and "y" make one unit of two words."""
    if given_first and len(tokens) == _PAIR and tokens[0] in GIVEN_PARTICLES:
        return [_Unit((tokens[0],)), *_units(tokens[1:], given_first=False)]
    vietnamese = given_first and not VIETNAMESE.isdisjoint([*tokens[:1], *tokens[-1:]])
    particles = _VIETNAMESE_PARTICLES if vietnamese else PARTICLES
    units: list[_Unit] = []
    pending: list[str] = []
    glue = ""
    for at, word in enumerate(tokens):
        last = at == len(tokens) - 1
        if word in particles and not last and (word != "y" or not given_first or len(units) > 1):
            pending.append(PARTICLE_SPELLINGS.get(word, word))
            continue
        if word in GLUED and not last and (units or not given_first):
            glue = GLUED[word]
            continue
        *led, final = word.split("-")
        leading = [part for part in led if part in PARTICLES]
        found = [*(part for part in led if part not in PARTICLES), final]
        found[0], glue = glue + found[0], ""
        apart = [JOINED.get(part, ("", part)) for part in found]
        prefix = (*pending, *leading, *(p for p, _ in apart if p))
        unit = _Unit(tuple(part for _, part in apart), prefix)
        if "y" in pending and units:
            before = units.pop()
            unit = _Unit(before.words + unit.words, before.prefix + unit.prefix)
        units.append(unit)
        pending = []
    return units
