"""Who may do what: the table of acts by roles."""

from __future__ import annotations

import pytest

from linker.access import ACTS, Act, may, require
from linker.deconfliction.disclose import ROLES, Role
from linker.errors import AccessError

#                 requester owner reviewer manager auditor
TABLE = {
    "lookup": (True, True, True, True, False),
    "bulk": (True, True, True, True, False),
    "entity": (True, True, True, True, False),
    "history": (True, True, True, True, False),
    "explain": (True, True, True, True, False),
    "status": (True, True, True, True, True),
    "alerts": (False, True, True, True, False),
    "audit_read": (False, False, False, False, True),
    "review": (False, False, True, True, False),
}
CELLS = [
    (act, role, allowed) for act in ACTS for role, allowed in zip(ROLES, TABLE[act], strict=True)
]


def test_the_table_is_whole() -> None:
    """Every act has a row, and every role a column."""
    assert set(TABLE) == set(ACTS)
    assert ROLES == ("requester", "owner", "reviewer", "manager", "auditor")


@pytest.mark.parametrize(("act", "role", "allowed"), CELLS)
def test_who_may_do_what(act: Act, role: Role, allowed: bool) -> None:
    """A role may do exactly what the table says; what it may not names role and act."""
    assert may(role, act) == allowed
    if allowed:
        require(role, act)
    else:
        with pytest.raises(AccessError, match=f"the role {role} may not "):
            require(role, act)


def test_who_watches_does_not_ask() -> None:
    """No role that may look targets up may read the audit log."""
    assert not [role for role in ROLES if may(role, "lookup") and may(role, "audit_read")]
