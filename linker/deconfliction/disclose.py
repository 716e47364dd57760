"""Who may see what: the one table of disclosure, role by sensitivity by class.

An investigation belongs to a unit, its *owner*. Whoever asks is a `Viewer`: a role and a unit. What
a viewer sees of an investigation is a set of its fields, and follows from four things alone: the
viewer's role, whether the investigation is the viewer's own, its sensitivity, and its class.
Nothing else in linker decides what is shown; a field that is not named here is shown to nobody.

The rules in words (design of deconfliction):

- A requester learns of an open investigation what finds it again and whom to call; of one that is
  pointer-only whom to call and no more; of a silent one nothing, not even that it is there.
- Where only an identifier is in common, identity is not asserted, and nobody but a manager or the
  owner sees more than whom to call.
- A unit sees its own investigations whole, whatever their sensitivity.
- A reviewer decides whether records are one target and needs to find them: of pointer-only
  investigations of others also which one it is. Silent ones stay silent.
- A manager sees all. An auditor sees what was asked and shown, and asks nothing.
- A sensitivity that is not one of the three words counts as silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from linker.schemas import SENSITIVITIES, Sensitivity

Role = Literal["requester", "owner", "reviewer", "manager", "auditor"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
CLASSES: Final = (
    *("SIMULTANEOUS", "PRIOR", "INDETERMINATE", "PRIOR_CONTACT", "SHARED_IDENTIFIER"),
)
"""What a lookup tells of an investigation or a contact, the most pressing first."""

ASKING: Final[frozenset[Role]] = frozenset({"requester", "owner", "reviewer", "manager"})
"""Roles that may ask; an auditor looks at what others asked."""
OWNING: Final[frozenset[Role]] = frozenset({"owner", "reviewer", "manager"})
"""Roles that answer for their unit's investigations; a requester is no owner of any."""

NOTHING: Final[frozenset[str]] = frozenset()
POINTER: Final = frozenset(
    {"class", "agency", "unit", "contact_name", "contact_phone", "contact_email", "sensitivity"}
)
"""Whom to call."""
CASE: Final = POINTER | {"office", "case_id", "status", "opened", "closed", "other_kind"}
"""Which investigation it is, and when it was."""
WHOLE: Final = CASE | {"source", "record_id"}
"""Where it is recorded as well."""


@dataclass(frozen=True)
class Viewer:
    """Who asks.

    Attributes:
        role: What they may do.
        agency: Theirs; None where they belong to none.
        unit: Theirs.
    """

    role: Role
    agency: str | None = None
    unit: str | None = None

    @property
    def may_ask(self) -> bool:
        """Whether the role asks at all."""
        return self.role in ASKING

    @property
    def may_see_silent(self) -> bool:
        """Whether there may be silent investigations that are shown to the viewer."""
        return self.role == "manager" or (self.role in OWNING and self.agency is not None)

    def owns(self, investigation: Mapping[str, Any]) -> bool:
        """Return whether an investigation is of the viewer's own unit, and theirs to answer for.

        Units are compared as they are written in the sources, but for case and outer spaces. An
        agency without a unit owns what its sources give no unit of.

        Args:
            investigation: With ``agency`` and ``unit``.
        """
        agency, unit = _told(self.agency), _told(self.unit)
        if self.role not in OWNING or agency is None:
            return False
        told = investigation.get("agency"), investigation.get("unit")
        return (agency, unit) == (_told(told[0]), _told(told[1]))


REQUESTER: Final = Viewer("requester")
"""Who asks without saying who they are, as the command line does."""

_OF_OTHERS: Final[Mapping[Role, Mapping[Sensitivity, frozenset[str]]]] = {
    "requester": {"silent": NOTHING, "pointer_only": POINTER, "open": WHOLE},
    "owner": {"silent": NOTHING, "pointer_only": POINTER, "open": WHOLE},
    "reviewer": {"silent": NOTHING, "pointer_only": CASE, "open": WHOLE},
    "manager": {"silent": WHOLE, "pointer_only": WHOLE, "open": WHOLE},
    "auditor": {"silent": NOTHING, "pointer_only": NOTHING, "open": NOTHING},
}


def sensitivity_of(word: str | None) -> Sensitivity:
    """Return how sensitive a word says that something is: open where there is none."""
    if word is None:
        return "open"
    return next((known for known in SENSITIVITIES if known == word), "silent")


def fields_shown(role: Role, *, own: bool, sensitivity: Sensitivity, class_: str) -> frozenset[str]:
    """Return the fields of an investigation that are shown: the table.

    Args:
        role: The viewer's.
        own: Whether the investigation is the viewer's own.
        sensitivity: The strictest that any record of the investigation gives.
        class_: One of `CLASSES`; any other counts as the weakest.
    """
    if role not in ASKING:
        return NOTHING
    if own and role in OWNING:
        return WHOLE
    shown = _OF_OTHERS[role][sensitivity]
    asserted = class_ in CLASSES and class_ != "SHARED_IDENTIFIER"
    return shown if asserted or role == "manager" else shown & POINTER


def disclosed(viewer: Viewer, investigation: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return an investigation as a viewer sees it; None where it is as if it were not there.

    Every field is there, so that answers have one shape; what is not shown is None.

    Args:
        viewer: Who asks.
        investigation: A row with ``class``, ``agency``, ``unit`` and ``sensitivity``.
    """
    shown = fields_shown(
        viewer.role,
        own=viewer.owns(investigation),
        sensitivity=sensitivity_of(investigation["sensitivity"]),
        class_=investigation["class"],
    )
    if not shown:
        return None
    return {name: value if name in shown else None for name, value in investigation.items()}


def record_shown(viewer: Viewer, *, own: bool, sensitivity: Sensitivity) -> bool:
    """Return whether a viewer may learn that a record is there, and where: source and record id.

    Args:
        viewer: Who asks.
        own: Whether the record is of an investigation of the viewer's unit.
        sensitivity: The strictest that any record of its investigation gives.
    """
    shown = fields_shown(viewer.role, own=own, sensitivity=sensitivity, class_="PRIOR_CONTACT")
    return "record_id" in shown


def values_shown(viewer: Viewer, *, own: bool, sensitivity: Sensitivity) -> bool:
    """Return whether a viewer may see what a record says: names, dates, numbers.

    A requester never does: the answer says which fields matched, not what they hold.
    """
    if own and viewer.role in OWNING:
        return True
    if viewer.role == "reviewer":
        return sensitivity == "open"
    return viewer.role == "manager"


def counted(viewer: Viewer, *, own: bool, sensitivity: Sensitivity) -> bool:
    """Return whether a record is there at all for a viewer: found, counted, told of."""
    return bool(
        fields_shown(viewer.role, own=own, sensitivity=sensitivity, class_="SHARED_IDENTIFIER")
    )


def _told(word: object) -> str | None:
    text = str(word).strip().casefold() if word is not None else ""
    return text or None
