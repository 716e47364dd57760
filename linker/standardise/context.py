"""What a mention belongs to: the columns of cases, arrests, reports and listings."""

from __future__ import annotations

from typing import Final

from linker.standardise.attributes import read_yes_no
from linker.standardise.tables import readings
from linker.standardise.text import trimmed, words

_STATUSES: Final = readings(
    {
        "open": """
            open|opened|active|pending|ongoing|in progress|under investigation|abierto|abierta
            |activo|activa|pendiente|en curso|vigente|en tramite
        """,
        "suspended": """
            suspended|on hold|hold|inactive|dormant|stayed|suspendido|suspendida|inactivo|inactiva
            |en suspenso
        """,
        "closed": """
            closed|close|completed|complete|resolved|dismissed|terminated|archived|cerrado|cerrada
            |concluido|concluida|archivado|archivada|terminado|terminada
        """,
        "reopened": "reopened|re opened|reopen|reabierto|reabierta",
    }
)

_SENSITIVITIES: Final = readings(
    {
        "open": "open|public|normal|none|standard|abierto|abierta",
        "pointer_only": """
            pointer only|pointer|restricted|limited|sensitive|restringido|restringida
        """,
        "silent": "silent|silenced|secret|confidential|covert|sealed|confidencial|secreto",
    }
)

MOST_GUARDED: Final = "silent"
"""What a sensitivity that cannot be read counts as: it is safer to say too little."""


def read_status(text: str) -> str | None:
    """Return open, suspended, closed or reopened; None where the status is none of them.

    Args:
        text: A case's status, English or Spanish.
    """
    return _STATUSES.get(words(text))


def read_sensitivity(text: str) -> str | None:
    """Return open, pointer_only or silent; None where the text is none of them.

    Args:
        text: Who may learn of a case, English or Spanish.
    """
    return _SENSITIVITIES.get(words(text))


def read_label(text: str) -> str | None:
    """Return a name for display, such as an agency's or an office's, its whitespace put right.

    Args:
        text: A label as written.
    """
    return trimmed(text) or None


def read_category(text: str) -> str | None:
    """Return a category as lower-case ASCII words, so that claimed and confirmed ones compare.

    Args:
        text: A category as written.
    """
    return words(text) or None


def read_designation(text: str) -> str | None:
    """Return whether a target is nationally designated: yes, no, or the designation's words.

    Args:
        text: Such as "Y" or "CPOT 2019".
    """
    return read_yes_no(text) or read_category(text)
