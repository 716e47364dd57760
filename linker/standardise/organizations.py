"""Organizations: names without legal forms, aliases, acronyms, what kind they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from cleanco import prepare_default_terms
from jellyfish import damerau_levenshtein_distance

from linker.standardise.countries import is_country, read_country
from linker.standardise.organization_words import compared_words, is_trade_word, spelled_out
from linker.standardise.tables import phrase_set, readings, word_set
from linker.standardise.text import is_placeholder, to_ascii
from linker.standardise.text import words as ascii_words

_ENDINGS: Final = phrase_set(
    """
    sa de cv|s de rl de cv|s de rl|s de r l de cv|sapi de cv|sapi|sab de cv|sas de cv
    |sa de cv sofom enr|sofom enr|sofom er|sofom|sc de rl de cv|sc de rl|sc|ac|iap|spr de rl
    |spr de rl de cv|spr de ri
    |s en c|s en nc|s en c por a|sa|sas|srl|srl de cv|sl|slu|sau|eirl|ltda|cia|y cia|cia ltda
    |llc|llp|lp|pllc|pc|inc|corp|co|and co|company|and company|ltd|limited|plc|jsc|ojsc|pjsc|cjsc
    |tbk
    """
)
"""Legal forms at the end of a name, besides those of cleanco.

Mexican forms after the Ley General de Sociedades Mercantiles and the Ley General de Sociedades
Cooperativas; the others are those of the United States and of Spanish-speaking countries.
"""

_SPELLED: Final = {
    "limited": "ltd",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
    "and company": "co",
    "and co": "co",
    "private": "pvt",
    "limited liability company": "llc",
    "limited liability partnership": "llp",
    "limited partnership": "lp",
    "public limited company": "plc",
    "private limited": "pvt ltd",
    "joint stock company": "jsc",
    "open joint stock company": "ojsc",
    "public joint stock company": "pjsc",
    "closed joint stock company": "cjsc",
    "sociedad anonima": "sa",
    "sociedad anonima de capital variable": "sa de cv",
    "sociedad civil": "sc",
    "asociacion civil": "ac",
    "sociedad de responsabilidad limitada": "s de rl",
    "sociedad de responsabilidad limitada de capital variable": "s de rl de cv",
    "sociedad anonima promotora de inversion de capital variable": "sapi de cv",
    "sociedad por acciones simplificada": "sas",
    "compania limitada": "cia ltda",
    "compania": "cia",
    "y compania": "cia",
    "compania anonima": "ca",
    "aktiengesellschaft": "ag",
    "gesellschaft mit beschrankter haftung": "gmbh",
    "societe anonyme": "sa",
    "societatea cu raspundere limitata": "srl",
    "naamloze vennootschap": "nv",
    "besloten vennootschap": "bv",
    "spolka z ograniczona odpowiedzialnoscia": "sp z oo",
    "obshchestvo s ogranichennoy otvetstvennostyu": "ooo",
    "obshchestvo s ogranichennoi otvetstvennostyu": "ooo",
    "obshhestvo s ogranichennoj otvetstvennostju": "ooo",
    "obschestvo s ogranichennoy otvetstvennostyu": "ooo",
    "tovarystvo z obmezhenoyu vidpovidalnistyu": "tov",
    "aktsionerne tovarystvo": "at",
    "pryvatne aktsionerne tovarystvo": "prat",
    "publichne aktsionerne tovarystvo": "pat",
    "drustvo sa ogranicenom odgovornoscu": "doo",
    "drustvo s ogranicenom odgovornoscu": "doo",
    "aktsionernoe obshchestvo": "ao",
    "otkrytoe aktsionernoe obshchestvo": "oao",
    "zakrytoe aktsionernoe obshchestvo": "zao",
    "publichnoe aktsionernoe obshchestvo": "pao",
}
"""Legal forms written out, and their abbreviation."""

_BEGINNINGS: Final = phrase_set(
    """
    ooo|oao|zao|pao|ao|pjsc|ojsc|cjsc|jsc|limited liability company|joint stock company
    |open joint stock company|public joint stock company|closed joint stock company
    |obshchestvo s ogranichennoy otvetstvennostyu|obshchestvo s ogranichennoi otvetstvennostyu
    |obshhestvo s ogranichennoj otvetstvennostju|obschestvo s ogranichennoy otvetstvennostyu
    |aktsionernoe obshchestvo|otkrytoe aktsionernoe obshchestvo
    |zakrytoe aktsionernoe obshchestvo|publichnoe aktsionernoe obshchestvo
    |tovarystvo z obmezhenoyu vidpovidalnistyu|aktsionerne tovarystvo
    |pryvatne aktsionerne tovarystvo|publichne aktsionerne tovarystvo
    |drustvo sa ogranicenom odgovornoscu|drustvo s ogranicenom odgovornoscu
    |societatea cu raspundere limitata|srl
    |llc|naamloze vennootschap|besloten vennootschap|nv|bv|sarl|eurl|uab|too|tov|pt
    |cong ty tnhh|cong ty co phan|kabushiki kaisha|yugen kaisha
    """
)
"""Legal forms that open a name, as in Russian, Dutch, French, Indonesian or Vietnamese ones; none
that is an ordinary word or a usual abbreviation of other things."""

_CHARACTERS: Final = re.compile(
    "\u80a1\u4efd\u6709\u9650\u516c\u53f8|\u6709\u9650\u8d23\u4efb\u516c\u53f8"
    "|\u6709\u9650\u8cac\u4efb\u516c\u53f8|\u6709\u9650\u516c\u53f8|\u682a\u5f0f\u4f1a\u793e"
    "|\u6709\u9650\u4f1a\u793e|\uc8fc\uc2dd\ud68c\uc0ac|\uc720\ud55c\ud68c\uc0ac|[\u3231\u321c]"
    "|[(\uff08][\u682a\uc8fc][)\uff09]"
)
"""Legal forms in Chinese and Korean characters, which no space parts from the name."""

_LONG: Final = (
    "limited",
    "incorporated",
    "corporation",
    "company",
    "aktiengesellschaft",
)
"""Legal forms of one word that is so long that another with one slip is hardly another word."""

_ORDINARY: Final = word_set(
    "da et dat pp fie private se ses mb uk ok is at eg ad ent ep sem sep gs fa vat fop nl"
)
"""Forms of cleanco that are ordinary words or too short to tell; left in the name."""

_PARTICLES: Final = word_set(
    """
    the of and de del la el los las y e for in on at do da dos a an und et le les des du para por
    con
    """
)
_CALLED: Final = frozenset({"dba", "aka", "fka", "nka", "alias"})
_CALLED_LONG: Final = re.compile(
    r"\b(?:doing business as|trading as|(?:also|formerly|now) known as"
    r"|(?:antes|tambien) conocid[oa] como|formerly)\b"
)
_BRACKETED: Final = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_INITIAL_DOT: Final = re.compile(r"(?<![a-z0-9])([a-z])\.(?=[a-z](?![a-z0-9]))")
_SPACED: Final = re.compile(r"\b(?:[a-z] )+[a-z]\b")
_LONGEST_FORM: Final = 8
_LONGEST_COUNTRY: Final = 4
_COUNTRY_INITIALS: Final = frozenset({"usa", "uk", "uae"})
"""Codes of countries that names of organizations hold; others are words or initials."""
_LONGEST_PLACE: Final = 3
"""Words of a city or a country, at most."""
_MOST_PLACES: Final = 4
"""A city, a state and a country at most, and a comma too many."""

_KINDS: Final = readings(
    {
        "criminal_org": """
            criminal org|criminal organization|cartel|gang|tco|dto|aso|pandilla|smuggling ring
            |organizacion criminal|smuggling organization
        """,
        "front_company": """
            front company|front|shell|shell company|company|business|empresa|empresa fachada|fachada
        """,
        "carrier": "carrier|transport|trucking|airline|shipping|transportista|transportes",
        "agency": "agency|government|law enforcement|agencia|dependencia",
    }
)


class OrganizationWords(NamedTuple):
    """One organization's name, lower-case ASCII words; empty where the text does not tell."""

    name: str = ""
    """The name without its legal form."""
    legal_form: str = ""
    aliases: str = ""
    """Other names, without legal form, separated by a bar."""
    countries: str = ""
    """Codes of the countries that the name names, sorted, with spaces between them."""


def read_organization(text: str) -> OrganizationWords:
    """Read an organization's name: other names and the legal form are taken off.

    Args:
        text: Such as "Transportes del Norte, S.A. de C.V. dba Norte Express".
    """
    if is_placeholder(text):
        return OrganizationWords()
    found: list[str] = []

    def keep(match: re.Match[str]) -> str:
        inner = _canonical(match.group(1))
        if not inner or is_country(inner) or _form_at_end(inner.split()) == len(inner.split()):
            return f" {match.group(1)} "
        found.append(match.group(1))
        return " "

    if _CHARACTERS.search(text):
        text = f"{_CHARACTERS.sub(' ', text)} Co. Ltd."
    written = to_ascii(text)
    plain = _without_place(_BRACKETED.sub(keep, written))
    first, *others = _split_called(plain)
    for alias in found:
        others.extend(_split_called(_canonical(alias)))
    if not first and others:
        first, *others = others
    name, legal_form = _without_form(first.split())
    name = "" if is_placeholder(name) else name  # as in "Unknown LLC"
    aliases = {_without_form(alias.split())[0] for alias in others} - {"", name}
    places = [_canonical(piece) for piece in written.split(",")[1:]]
    countries = _named_countries(name, places)
    return OrganizationWords(name, legal_form, "|".join(sorted(aliases)), " ".join(countries))


def canonical_organization(text: str) -> str | None:
    """Return an organization's name as lower-case ASCII words without its legal form.

    Args:
        text: A name as written.
    """
    return read_organization(text).name or None


def organization_tokens(name: str) -> str | None:
    """Return the distinct words of a canonical name, sorted, as they are compared.

    Articles and prepositions are left out; see `linker.standardise.organization_words`.

    Args:
        name: A canonical name.
    """
    return " ".join(sorted(set(compared_words(_telling(name))))) or None


def acronym(name: str) -> str | None:
    """Return the initials of a canonical name of two words or more, prepositions left out.

    Args:
        name: A canonical name.
    """
    telling = _telling(name)
    return "".join(word[0] for word in telling) if len(telling) > 1 else None


def _named_countries(name: str, places: Sequence[str]) -> list[str]:
    """Return the codes of the countries that a canonical name names, sorted.

    A company of a group is mostly called by the group's name and its country's. Places are what
    stands alone after a comma and says where it is: "University of Leipzig, Germany".
    """
    words = name.split()
    found: set[str] = set()
    at = 0
    while at < len(words):
        for end in range(min(at + _LONGEST_COUNTRY, len(words)), at, -1):
            country = " ".join(words[at:end])
            if _is_country(country):
                if country not in places:
                    found.add(read_country(country) or country)
                at = end - 1
                break
        at += 1
    return sorted(found)


def read_organization_kind(text: str) -> str:
    """Return criminal_org, front_company, carrier, agency or unknown.

    Args:
        text: A kind as written, English or Spanish.
    """
    return _KINDS.get(ascii_words(text), "unknown")


def _telling(name: str) -> list[str]:
    every = name.split()
    return [word for word in every if word not in _PARTICLES] or every


def _canonical(text: str) -> str:
    """Return the words of `text`; initials with dots or spaces between them become one word."""
    plain = _INITIAL_DOT.sub(r"\1", to_ascii(text)).replace("&", " and ").replace("+", " and ")
    return _SPACED.sub(lambda match: match.group().replace(" ", ""), ascii_words(plain))


def _without_place(text: str) -> str:
    """Return the words of a name, without the city and country that follow its legal form.

    As in "Unilever N.V., Rotterdam, NL". What follows may be a branch or another name as well:
    it is a place if it holds few words, and none of every trade. A country alone after a comma is
    one whatever comes before it: "Universal Exports, USA".
    """
    pieces = text.split(",")
    for end in range(max(1, len(pieces) - _MOST_PLACES), len(pieces)):
        before = _canonical(",".join(pieces[:end]))
        size, words = _form_at_end(before.split()), len(before.split())
        after = [_canonical(piece).split() for piece in pieces[end:]]
        if size and size < words and all(map(_may_be_place, after)):
            return before
    name, _, last = text.rpartition(",")
    if _is_country(_canonical(last)) and len(_canonical(name).split()) > 1:
        return _canonical(name)
    return _canonical(text)


def _is_country(words: str) -> bool:
    return is_country(words) or words in _COUNTRY_INITIALS


def _may_be_place(words: list[str]) -> bool:
    return len(words) <= _LONGEST_PLACE and not (
        _form_at_end(words) or any(word in _CALLED or is_trade_word(word) for word in words)
    )


def _split_called(plain: str) -> list[str]:
    """Split canonical words at "dba", "formerly known as" and the like; the first may be empty."""
    marked = _CALLED_LONG.sub("aka", plain)
    pieces: list[list[str]] = [[]]
    for word in marked.split():
        if word in _CALLED:
            pieces.append([])
        else:
            pieces[-1].append(word)
    first, *others = (" ".join(piece) for piece in pieces)
    return [first, *filter(None, others)]


def _without_form(parts: list[str]) -> tuple[str, str]:
    """Return a name without its legal forms, and the forms; a name of nothing else is kept."""
    kept = list(parts)
    opening: list[str] = []
    closing: list[str] = []
    while size := _form_at_end(kept):
        closing.insert(0, _form(" ".join(kept[-size:])))
        kept = kept[:-size]
        while kept and kept[-1] in {"and", "y"}:
            kept.pop()
    while size := _form_at_start(kept):
        words = " ".join(kept[:size])
        opening.append(_SPELLED.get(words, words))
        kept = kept[size:]
    if not any(word not in _PARTICLES for word in kept):
        return " ".join(spelled_out(parts)), ""
    return " ".join(spelled_out(kept)), " ".join(opening + closing)


def _form_at_start(parts: list[str]) -> int:
    """Return how many words at the start of `parts` are one legal form, a name following."""
    for size in range(min(_LONGEST_FORM, len(parts) - 1), 0, -1):
        if " ".join(parts[:size]) in _BEGINNINGS:
            return size
    return 0


def _form_at_end(parts: list[str]) -> int:
    """Return how many words at the end of `parts` are one legal form."""
    for size in range(min(_LONGEST_FORM, len(parts)), 0, -1):
        if " ".join(parts[-size:]) in _forms():
            return size
    return 1 if len(parts) > 1 and _misspelt(parts[-1]) else 0


def _form(words: str) -> str:
    """Return the one spelling of a legal form."""
    return _forms().get(words) or _forms()[_misspelt(words)]


@lru_cache(maxsize=1 << 14)
def _misspelt(word: str) -> str:
    """Return the long legal form of one word that `word` is with one slip, empty if none."""
    return next(
        (
            form
            for form in _LONG
            if word[0] == form[0] and damerau_levenshtein_distance(word, form) == 1
        ),
        "",
    )


@cache
def _forms() -> Mapping[str, str]:
    """Return every legal form as canonical words, and its one spelling."""
    known = {" ".join(term) for _, term in prepare_default_terms()}
    canonical = {_canonical(form) for form in known | _ENDINGS} - _ORDINARY - {""}
    return {form: form for form in sorted(canonical)} | _SPELLED
