"""Names of people: one text, or several fields, become canonical name words."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import jellyfish

from linker.standardise.languages.korean import korean_family
from linker.standardise.name_keys import without_article
from linker.standardise.name_order import (
    PLAIN,
    comma_parts,
    family_part,
    given_part,
    in_order,
    in_usual_order,
    single_words,
    tokenize,
    usual_family_first,
    without_suffix,
    without_titles,
)
from linker.standardise.name_words import GLUED, MISSING, PARTICLES, SUFFIXES, WRITTEN_TOGETHER
from linker.standardise.tables import word_set
from linker.standardise.text import is_placeholder_name, to_ascii


class NameWords(NamedTuple):
    """The words of one name, lower-case ASCII, each field separated by one space or empty."""

    given: str = ""
    """Given and middle names, in order."""
    family: str = ""
    """Family names, paternal first, particles left out."""
    prefix: str = ""
    """The particles of the family names, in order."""
    suffix: str = ""
    """Generation suffix: jr, sr, ii, iii, iv."""
    aliases: str = ""
    """Other names found in the text, separated by a bar."""
    other: str = ""
    """Further words, such as the place in a peer's name."""


_BRACKETED: Final = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_QUOTED: Final = re.compile(r"\"([^\"]*)\"|<<([^<>]*)>>|(?<![a-z])'([^']{2,})'(?![a-z])")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_QUOTE: Final = re.compile(r"(?<![a-z])(')(?=[a-z])|(?<=[a-z.])'(?![a-z])")
"""A single quote at the beginning of a word, or at its end."""
_ALSO: Final = re.compile(
    r"[,;/]? ?(?<![a-z])(?:a\.? ?k\.? ?a|f\.?k\.?a|n\.?k\.?a|alias|(?:also|formerly|better)"
    r" known as|(?:tambien|mejor) conocid[oa] como|conocid[oa] como)(?![a-z])[.:]? ?"
)
_LEAD_IN: Final = re.compile(r"(?:nee|born|alias|[afn]\.? ?k\.? ?a)(?![a-z])[.:]? ?")
_EDGES: Final = re.compile(r"[()\[\]{}\"<>]|^[ ,;.']+|[ ,;.']+$")
_HAS_ALIASES: Final = re.compile(r"[(\[{\"<]|(?<![a-z])'|a\.? ?k\.? ?a|alias|known|conocid")
_NATIVE: Final = re.compile("[\u3400-\u9fff]{2,4}|[\uac00-\ud7a3]{2,4}")
_FAMILIES_OF_TWO: Final = word_set(
    """
    \u6b27\u9633 \u6b50\u967d \u53f8\u9a6c \u53f8\u99ac \u8bf8\u845b \u8af8\u845b
    \u4e0a\u5b98 \u53f8\u5f92 \u6155\u5bb9 \u4ee4\u72d0 \u7687\u752b \u590f\u4faf
    \u5c09\u8fdf \u5c09\u9072 \u516c\u5b59 \u516c\u5b6b \ub0a8\uad81 \ud669\ubcf4
    \uc81c\uac08 \uc120\uc6b0 \ub3c5\uace0 \uc0ac\uacf5 \uc11c\ubb38
    """
)
"""Chinese family names of two characters, in both kinds of them, and Korean ones."""
_TWO_WORDS: Final = re.compile(r"(?<![A-Za-z])([A-Za-z][a-z]{2,})(?=[A-Z][a-z]{2,})")
"""The first of two capitalised words written as one."""
_ARTICLES: Final = ("el ", "la ", "los ", "las ")


def read_full_name(text: str) -> NameWords:
    """Read a whole name: "LAST, First Middle", "First Middle Last", or the Spanish shapes.

    Without a comma the first word is given and the last is the family name; the last two are
    family names where both are common among Spanish speakers. One word alone is a family name;
    two words written as one, as in "JuanPerez" or "Juan-Perez", are two.

    Args:
        text: A name in any script and case.
    """
    if is_native(text):
        return _native_words("".join(text.split()))
    plain = to_ascii(_TWO_WORDS.sub(_apart, text))
    if PLAIN.fullmatch(plain) and not is_placeholder_name(plain):
        usual = in_usual_order(plain.split(" "))
        if usual is not None:
            return NameWords(*usual)
    elif "," in plain and _HAS_ALIASES.search(plain) is None:
        usual = usual_family_first(plain)
        if usual is not None:
            return NameWords(*usual)
    plain, aliases = _without_aliases(plain)
    if not plain or is_placeholder_name(plain):
        return NameWords(aliases="|".join(aliases))
    parts, suffix, other = comma_parts(plain)
    if not parts:
        return NameWords(suffix=suffix, aliases="|".join(aliases), other=other)
    if len(parts) > 1:
        rest, given_suffix = without_suffix([token for part in parts[1:] for token in part])
        given, trailing = given_part(rest, parts[0])
        family, prefix, own_suffix = family_part(parts[0])
        own_suffix = own_suffix or given_suffix
        prefix = " ".join(filter(None, (trailing, prefix)))
    else:
        given, family, prefix, own_suffix = in_order(parts[0])
        if other and not given:  # "Tom, 1st Baron Clifford": the peerage names the family
            given, (family, _, other) = family, other.partition(" ")
    return NameWords(given, family, prefix, suffix or own_suffix, "|".join(aliases), other)


def read_given_name(text: str) -> NameWords:
    """Read a field of given or middle names; titles go, a suffix or an alias in it is kept apart.

    Args:
        text: One or more given names.
    """
    plain, aliases = _without_aliases(to_ascii(text))
    if not plain or is_placeholder_name(plain):
        return NameWords(aliases="|".join(aliases))
    tokens, suffix = without_suffix(without_titles(tokenize(plain)))
    given, _ = given_part(tokens)
    return NameWords(given=given, suffix=suffix, aliases="|".join(aliases))


def read_surname(text: str) -> NameWords:
    """Read a field of one or more family names; every word is one, particles are kept apart.

    Args:
        text: One or more family names, paternal first.
    """
    native = korean_family(text.strip())
    if native is not None:
        return NameWords(family=native)
    plain, aliases = _without_aliases(to_ascii(text))
    if not plain or is_placeholder_name(plain):
        return NameWords(aliases="|".join(aliases))
    family, prefix, suffix = family_part(tokenize(plain))
    return NameWords(family=family, prefix=prefix, suffix=suffix, aliases="|".join(aliases))


def read_suffix(text: str) -> str | None:
    """Return the generation suffix in its one spelling ("Junior" is "jr"), or None.

    Args:
        text: A suffix as written.
    """
    tokens = tokenize(to_ascii(text))
    return SUFFIXES.get(tokens[0]) if len(tokens) == 1 else None


def read_prefix(text: str) -> str | None:
    """Return the particles of a family name as lower-case words, or None where there are none.

    Args:
        text: Particles as written, such as "De la".
    """
    return (
        " ".join(word for word in single_words(tokenize(to_ascii(text))) if word.isalpha()) or None
    )


def canonical_name(text: str) -> str | None:
    """Return a whole name as "given middle surname suffix", or None where it names nobody.

    Args:
        text: A name in any script, case and order that `read_full_name` knows.
    """
    name = read_full_name(text)
    return " ".join(filter(None, (name.given, name.family, name.suffix))) or None


def canonical_alias(text: str) -> str | None:
    """Return an alias in canonical form: a nickname as its words, a name as a canonical name.

    Args:
        text: An alias, such as "El Chapo", "aka Smith, John" or "Pedro de la Cruz".
    """
    plain = _EDGES.sub("", to_ascii(text))
    lead_in = _LEAD_IN.match(plain)
    plain = plain[lead_in.end() :] if lead_in else plain
    said = " ".join(word for word in single_words(tokenize(plain)) if word.isalpha())
    if is_placeholder_name(plain) or said in MISSING:
        return None
    if said.startswith(_ARTICLES) and "," not in plain:
        return said
    return canonical_name(text if is_native(text) else plain) or said or None


def is_native(text: str) -> bool:
    """Whether `text` is a name of two to four Chinese or Korean characters.

    Args:
        text: A name.
    """
    return not text.isascii() and _NATIVE.fullmatch("".join(text.split())) is not None


def native_name(text: str) -> str | None:
    """Return a name in Chinese or Korean characters without spaces, None for any other name.

    Args:
        text: A name as written.
    """
    return "".join(text.split()) if is_native(text) else None


def name_sounds(text: str) -> str | None:
    """Return the distinct phonetic codes (Metaphone) of the words of `text`, sorted.

    Args:
        text: Lower-case ASCII words.
    """
    return " ".join(sorted({jellyfish.metaphone(word) for word in text.split()} - {""})) or None


def family_sounds(text: str) -> str | None:
    """Return the distinct phonetic codes of family names, articles written as one with them apart.

    Args:
        text: Lower-case ASCII words.
    """
    return name_sounds(" ".join(map(without_article, text.split())))


def _apart(match: re.Match[str]) -> str:
    """Return the first of two words written as one with a space, unless it belongs to the other."""
    word = match.group(1)
    lower = word.lower()
    together = lower in WRITTEN_TOGETHER or lower in PARTICLES or lower in GLUED
    return word if together else f"{word} "


def _is_quoted(plain: str) -> bool:
    """Whether single quotes open and close in turn; else they stand for letters: 'Ubayd Juday'."""
    edges = [match.group(1) is not None for match in _QUOTE.finditer(plain)]
    return edges == [True, False] * (len(edges) // 2)


def _native_words(characters: str) -> NameWords:
    """Read a name in Chinese or Korean characters: the family name, mostly of one, comes first."""
    family = characters[: 2 if characters[:2] in _FAMILIES_OF_TWO else 1]
    rest = characters[len(family) :]
    if not rest:  # a family name alone, or one character of a name
        family, rest = characters[0], characters[1:]
    apart = " " if _HANGUL.match(characters) else ""  # Jeong Eun, not Jeon Geun
    return NameWords(
        given=apart.join(map(_letters, rest)), family=korean_family(family) or _letters(family)
    )


def _letters(text: str) -> str:
    return "".join(tokenize(to_ascii(text)))


def _without_aliases(plain: str) -> tuple[str, list[str]]:
    """Take the aliases out of a lower-case ASCII name; both come back."""
    if _HAS_ALIASES.search(plain) is None:
        return plain, []
    found: list[str] = []

    def keep(match: re.Match[str]) -> str:
        found.append(next((group for group in match.groups() if group), ""))
        return " "

    if not _is_quoted(plain):
        plain = plain.replace("'", "")
    plain = _QUOTED.sub(keep, _BRACKETED.sub(keep, plain))
    plain, *rest = _ALSO.split(" ".join(plain.split()))
    found.extend(rest)
    aliases = {canonical_alias(alias) for alias in found if alias.strip()}
    return plain.strip(" ,;"), sorted(alias for alias in aliases if alias)
