"""What is said of a request that does not fit its description: the place, never a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from linker.errors import nearest
from linker.schemas import ORGANIZATION_FIELDS, PERSON_FIELDS
from linker.service.bodies import (
    BulkLookup,
    Explanation,
    OrganizationLookup,
    OrganizationQuery,
    PersonLookup,
    PersonQuery,
    ReviewDecision,
)
from linker.service.problems import Problem

_FIELDS: Final = {"person": PERSON_FIELDS, "organization": ORGANIZATION_FIELDS}
_BODIES: Final = (
    *(PersonLookup, OrganizationLookup, PersonQuery, OrganizationQuery, BulkLookup, Explanation),
    ReviewDecision,
)
KNOWN: Final = frozenset(name for body in _BODIES for name in body.model_fields) | {
    name for names in _FIELDS.values() for name in names
}
"""Names that a body may have, and that may therefore be repeated."""

_SAID: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "json_invalid": "is not JSON",
    "string_type": "must be a text",
    "string_unicode": "holds what is no text",
    "string_too_long": "is too long",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "is empty, or not in the form that is asked for",
    "list_type": "must be a list",
    "too_long": "has too many values",
    "too_short": "has too few values",
    "literal_error": "is none of the words that are taken",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "union_tag_invalid": "must be person or organization",
    "union_tag_not_found": "is missing: person or organization",
}


def invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Return the problem of a request that does not fit.

    Args:
        errors: As pydantic tells them; the first is told.
    """
    first = _first(errors)
    kind = str(first["type"])
    place = [part for part in first["loc"] if part not in _FIELDS]
    if kind == "json_invalid":
        return Problem(400, "bad-request", "the body is not JSON")
    if kind == "extra_forbidden":
        return Problem(422, "invalid", _unknown(str(place[-1]), place[:-1], first["loc"]))
    if kind.startswith("union_tag"):
        place = [*place, "entity_type"]
    said = _SAID.get(kind, "does not fit its description")
    return Problem(422, "invalid", f"{_place(place)} {said}")


def _first(errors: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the first error; of a value that may be a text or a list, that of what it is."""
    first = errors[0]
    if first["type"] != "string_type":
        return first
    field = first["loc"][:-1]
    others = (
        error
        for error in errors[1:]
        if error["loc"][: len(field)] == field and error["type"] != "list_type"
    )
    return next(others, first)


def _unknown(name: str, place: Sequence[str | int], location: Iterable[str | int]) -> str:
    """Say that a name is unknown, and the nearest known one; the name may be anybody's."""
    words = list(location)
    entity = next((word for word in words if word in _FIELDS), None)
    if place and place[-1] == "fields":
        valid: Iterable[str] = _FIELDS[str(entity)] if entity else KNOWN
    elif "queries" in place or "question" in place:
        valid = PersonQuery.model_fields
    elif words[0] == "body":
        valid = {
            *PersonLookup.model_fields,
            *BulkLookup.model_fields,
            *Explanation.model_fields,
            *ReviewDecision.model_fields,
        }
    else:
        valid = ()
    return f"{_place(place)} has an unknown field{nearest(name, valid)}"


def _place(parts: Sequence[str | int]) -> str:
    """Return where something stands, of names that are known alone."""
    known = [
        f"[{part}]" if isinstance(part, int) else f".{part}"
        for part in parts[1:]
        if isinstance(part, int) or part in KNOWN
    ]
    inside = "".join(known).lstrip(".")
    first = str(parts[0]) if parts else "body"
    if first == "body":
        return f"the body's {inside}" if inside else "the body"
    name = str(parts[1]) if len(parts) > 1 else ""
    return f"the {first} {name}" if first in {"header", "query", "path"} and name else "the request"
