"""Who may do what: the one table of acts by roles. What they then see is a table of its own.

Whoever asks about targets is watched by somebody who cannot ask: only an auditor reads the audit
log, and an auditor reads nothing else. A manager, who sees every silent investigation, has the most
to answer for; so a manager does not read the log, not even of the own unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from linker.deconfliction.disclose import ASKING, OWNING, ROLES, Role
from linker.errors import AccessError

Act = Literal[
    "lookup", "bulk", "entity", "history", "explain", "status", "alerts", "audit_read", "review"
]
ACTS: Final[tuple[Act, ...]] = get_args(Act)

ALLOWED: Final[Mapping[Act, frozenset[Role]]] = {
    "lookup": ASKING,
    "bulk": ASKING,
    "entity": ASKING,
    "history": ASKING,
    "explain": ASKING,
    "status": frozenset(ROLES),
    "alerts": OWNING,
    "audit_read": frozenset({"auditor"}),
    "review": frozenset({"reviewer", "manager"}),
}

_IN_WORDS: Final[Mapping[Act, str]] = {
    "lookup": "look targets up",
    "bulk": "look targets up in bulk",
    "entity": "see entities",
    "history": "see histories of entities",
    "explain": "ask for explanations",
    "status": "see the status",
    "alerts": "see alerts",
    "audit_read": "read the audit log",
    "review": "review pairs of records",
}


def may(role: Role, act: Act) -> bool:
    """Tell whether a role may do something."""
    return role in ALLOWED[act]


def require(role: Role, act: Act) -> None:
    """Refuse an act that a role may not do.

    Raises:
        AccessError: It may not.
    """
    if not may(role, act):
        raise AccessError(f"the role {role} may not {_IN_WORDS[act]}")
