"""Templates to pages that need no network, run no script, and may be shown in no frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response

from linker.access import Act, Identity, may
from linker.report import figures

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
REPORT_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Of the run report, whose one file brings its style along."""


@dataclass(frozen=True)
class Link:
    """A page in the menu, and what one must be allowed to do to see it there."""

    href: str
    name: str
    act: Act


MENU: Final = (
    Link("/", "Search", "lookup"),
    Link("/review", "Review", "review"),
    Link("/alerts", "Alerts", "alerts"),
    Link("/audit", "Audit log", "audit_read"),
    Link("/status", "What is published", "status"),
)


@dataclass(frozen=True)
class Reader:
    """Whoever looks at a page.

    Attributes:
        identity: None where nobody is signed in.
        form_key: What each form must carry.
        here: The page's path.
    """

    identity: Identity | None
    form_key: str
    here: str

    @property
    def values(self) -> dict[str, Any]:
        """Return what every template names."""
        role = self.identity.role if self.identity else None
        return {
            "who": self.identity,
            "links": [link for link in MENU if role and may(role, link.act)],
            "form_key": self.form_key,
            "here": self.here,
        }


def page(
    template: str,
    reader: Reader,
    *,
    status: int = 200,
    cookies: Sequence[tuple[str, str]] = (),
    **values: object,
) -> Response:
    """Return a page.

    Args:
        template: A file of ``linker/service/templates``.
        reader: Whoever looks at it.
        status: Of HTTP.
        cookies: Headers that set cookies.
        values: What the template names; naming anything else is an error.
    """
    text = _environment().get_template(template).render(**reader.values, **values)
    made = Response(text, status, media_type="text/html")
    made.headers["content-security-policy"] = POLICY
    for name, value in cookies:
        made.headers.append(name, value)
    return made


def elsewhere(path: str, cookies: Sequence[tuple[str, str]] = ()) -> Response:
    """Return the way to another page, which is then fetched."""
    made = Response(b"", 303, headers={"location": path})
    for name, value in cookies:
        made.headers.append(name, value)
    return made


@cache
def style() -> bytes:
    """Return the style of all pages: that of reports, and what pages have beside it."""
    report = resources.files("linker.report") / "templates" / "page.css"
    own = resources.files("linker.service") / "templates" / "service.css"
    return report.read_bytes() + own.read_bytes()


@cache
def icon() -> bytes:
    """Return the icon."""
    return (resources.files("linker.service") / "templates" / "icon.svg").read_bytes()


def day_of(value: object) -> str:
    """Return the day of a date or a time, nothing where there is none."""
    return str(value)[:10] if value else ""


def second_of(value: object) -> str:
    """Return a time of the log to the second, UTC."""
    return str(value)[:19].replace("T", " ")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("linker.service"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, Any] = {
        "count": "{:,}".format,
        "counted": figures.counted,
        "percent": figures.percent,
        "bits": figures.bits,
        "probability": figures.probability,
        "spaced": figures.spaced,
        "capitalised": figures.capitalised,
        "day_of": day_of,
        "second_of": second_of,
    }
    made.filters.update(filters)
    return made
