"""Text shared by every field: ASCII words, and texts that say nothing."""

from __future__ import annotations

import re
from typing import Final

from linker.standardise.scripts.latin import in_latin
from linker.standardise.tables import phrase_set

_LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")
_WORDS: Final = re.compile(r"[a-z0-9]+")
_APOSTROPHES: Final = str.maketrans("", "", "'`")

PLACEHOLDERS: Final = phrase_set(
    """
    unknown|unkown|unknwon|unk|unknown unknown|unkn|not known|name unknown|no name|no name given
    |n/a|n.a|na|n/d|n.d|nd|none|null|nil|nan|nat|<na>|undefined|missing|blank|empty|no data|tbd|tba
    |not provided|not available|not applicable|not given|not stated|not recorded|not reported
    |not specified|unspecified|unavailable|unidentified|undisclosed|refused|withheld|-0-|#n/a
    |sin nombre|sin dato|sin datos|s/n|s/d|desconocido|desconocida|desconoce|se desconoce|ninguno
    |ninguna|no aplica|no disponible|no proporcionado|no proporcionada|no proporciona|no sabe
    |no refiere|no especificado|no identificado|no identificada|none given|none provided
    """
)
"""Texts, lower-case, that stand for no value."""

_LONGEST_PLACEHOLDER: Final = 40
_ALSO_NAMES: Final = frozenset({"na", "nan", "nil", "nd", "nat"})
_CROSSED_OUT: Final = re.compile(r"x{2,}")
_ONE_DIGIT: Final = re.compile(r"0+|([0-9])\1{4,}")
_COUNTED: Final = frozenset({"123456789", "1234567890", "0123456789", "987654321"})
_NOT_A_DIGIT: Final = re.compile(r"[^0-9]")


def to_ascii(text: str) -> str:
    """Return `text` in lower-case ASCII, whatever its script, with runs of whitespace as one space.

    Args:
        text: Any text.
    """
    return " ".join(in_latin(text).lower().split())


def words(text: str) -> str:
    """Return the lower-case ASCII words of `text`, letters and digits, separated by one space.

    Apostrophes are dropped ("o'brien" is one word); any other sign separates words.

    Args:
        text: Any text.
    """
    return " ".join(word_list(to_ascii(text)))


def word_list(plain: str) -> list[str]:
    """Return the words of text that is lower-case ASCII already.

    Args:
        plain: What `to_ascii` returned.
    """
    if "'" in plain or "`" in plain:
        plain = plain.translate(_APOSTROPHES)
    return _WORDS.findall(plain)


def trimmed(text: str) -> str:
    """Return `text` as written, with runs of whitespace as one space and none at the ends."""
    return " ".join(text.split())


def alphanumeric(text: str) -> str:
    """Return only the letters and digits of `text`, ASCII and upper-case."""
    if text.isalnum() and text.isascii():
        return text.upper()
    return "".join(word_list(to_ascii(text))).upper()


def digits(text: str) -> str:
    """Return only the digits of `text`, ASCII."""
    if text.isdigit() and text.isascii():
        return text
    return _NOT_A_DIGIT.sub("", to_ascii(text))


def is_placeholder(text: str) -> bool:
    """Whether `text` says nothing: no letter or digit in it, or a word such as "unknown".

    Args:
        text: Any text.
    """
    if len(text) > _LONGEST_PLACEHOLDER:
        return _LETTER_OR_DIGIT.search(text) is None
    plain = text.strip().lower()
    if plain in PLACEHOLDERS:
        return True
    if plain[:1].isalnum() and plain[-1:].isalnum():
        if "  " in plain or not plain.isprintable():  # else its white space is single spaces
            plain = " ".join(plain.split())
            if plain in PLACEHOLDERS:
                return True
        return plain[0] == "x" and _CROSSED_OUT.fullmatch(plain) is not None
    bare = " ".join(plain.strip("-_.*?()[]<>'\" ").split())
    return (
        bare in PLACEHOLDERS
        or _LETTER_OR_DIGIT.search(bare) is None
        or _CROSSED_OUT.fullmatch(bare) is not None
    )


def is_placeholder_name(text: str) -> bool:
    """Whether `text` says nothing where a name is expected ("Na" and "Nan" are names).

    Args:
        text: Any text.
    """
    return is_placeholder(text) and text.strip().lower() not in _ALSO_NAMES


def is_placeholder_number(text: str) -> bool:
    """Whether `text` says nothing where a number is expected: one digit repeated, or counting.

    Args:
        text: Any text.
    """
    plain = text
    if not (text.isdigit() and text.isascii()):
        if is_placeholder(text):
            return True
        if text.isalnum() and text.isascii():  # there is a letter in it
            return False
        plain = "".join(word_list(to_ascii(text)))
    if plain[:1] == plain[-1:]:
        return _ONE_DIGIT.fullmatch(plain) is not None
    return plain in _COUNTED
