"""What a person is besides a name: sex, role in the case, criminal predicate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from linker.standardise.tables import readings
from linker.standardise.text import words

_SEX: Final = readings(
    {
        "male": "male|m|man|boy|hombre|h|masculino|masc|varon",
        "female": "female|f|woman|girl|mujer|femenino|fem",
        "other": "other|x|otro|nonbinary|non binary|no binario",
    }
)
_SEX_UNKNOWN: Final = frozenset({"u", "unk", "9", "0"})

_ROLES: Final = readings(
    {
        "target": "target|subject|suspect|main subject|objetivo|sospechoso|sospechosa",
        "arrestee": "arrestee|arrested|detainee|detenido|detenida",
        "smuggled_person": """
            smuggled person|smuggled|smuggled alien|migrant|migrante|alien|passenger
        """,
        "associate": "associate|known associate|asociado|asociada|complice",
        "victim": "victim|victima",
        "witness": "witness|material witness|testigo",
    }
)

_YES_NO: Final = readings({"yes": "yes|y|true|t|1|si|s", "no": "no|n|false|f|0"})


def is_spanish_sex_column(texts: Iterable[str]) -> bool:
    """Whether a column of sexes says H for men, so that M in it means a woman.

    Args:
        texts: The distinct values of the column.
    """
    return any(words(text) in {"h", "hombre", "mujer"} for text in texts)


def read_sex(text: str, *, spanish: bool = False) -> str | None:
    """Return male, female or other; None where it is unknown or cannot be read.

    Args:
        text: A sex as written, English or Spanish.
        spanish: Whether M means a woman, as the column tells.
    """
    plain = words(text)
    return "female" if spanish and plain == "m" else _SEX.get(plain)


def is_unknown_sex(text: str) -> bool:
    """Whether a sex says that it is unknown.

    Args:
        text: A sex as written.
    """
    return words(text) in _SEX_UNKNOWN


def read_role(text: str) -> str | None:
    """Return target, arrestee, smuggled_person, associate, victim, witness, or the words.

    Args:
        text: A role as written, English or Spanish.
    """
    plain = words(text)
    return _ROLES.get(plain, plain.replace(" ", "_")) or None


def read_yes_no(text: str) -> str | None:
    """Return yes or no, or None where it is neither.

    Args:
        text: Such as "Y", "true" or "Sí".
    """
    return _YES_NO.get(words(text))
