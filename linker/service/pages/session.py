"""What a browser keeps between two pages: its token, what it asks for, and a secret of its forms.

A session is the token itself, in a cookie that no script can read and no other site's page brings
along, so that a token that is withdrawn ends its sessions at once and workers share nothing. Each
form carries what only a page of ours can know: a keyed hash of the token, by a secret in another
cookie.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final

HOURS: Final = 8
"""A browser forgets a session after so many."""
LONGEST_TOKEN: Final = 3_500
"""Browsers keep 4,096 bytes a cookie."""

TOKEN: Final = "linker_session"  # noqa: S105 - the cookie's name
WHY: Final = "linker_why"
SECRET: Final = "linker_form"  # noqa: S105


@dataclass(frozen=True)
class Why:
    """What a question is asked for.

    Attributes:
        purpose: In the asker's words.
        case_number: The asker's case.
    """

    purpose: str = ""
    case_number: str = ""

    @property
    def is_given(self) -> bool:
        """Whether anything may be asked."""
        return bool(self.purpose.strip() and self.case_number.strip())


@dataclass(frozen=True)
class Session:
    """The cookies of a browser.

    Attributes:
        token: None where nobody is signed in.
        why: What was last asked for.
        secret: That of the browser's forms; a new one where it had none.
        is_new: Whether it is new.
    """

    token: str | None
    why: Why
    secret: str
    is_new: bool

    @property
    def form_key(self) -> str:
        """What each form must carry."""
        message = (self.token or "").encode("utf-8", "replace")
        return hmac.digest(self.secret.encode("utf-8", "replace"), message, "sha256").hex()

    def is_ours(self, form_key: str) -> bool:
        """Tell whether a form was filled in on a page of ours."""
        digest = hashlib.sha256  # of both, so that texts of any kind can be compared
        given = digest(form_key.encode("utf-8", "replace")).digest()
        return not self.is_new and hmac.compare_digest(
            given, digest(self.form_key.encode()).digest()
        )


def session_of(cookie_header: str, *, secure: bool) -> Session:
    """Return the session that a browser's cookies tell.

    Args:
        cookie_header: The header of the request, empty where there is none.
        secure: Whether browsers reach the service by TLS: cookies then have another name.
    """
    given = _cookies(cookie_header)
    secret = given.get(name(SECRET, secure=secure), "")
    return Session(
        token=given.get(name(TOKEN, secure=secure)) or None,
        why=_why(given.get(name(WHY, secure=secure), "")),
        secret=secret or secrets.token_urlsafe(32),
        is_new=not secret,
    )


def cookies(changes: Mapping[str, str | None], *, secure: bool) -> list[tuple[str, str]]:
    """Return the headers that set cookies, or remove those whose new value is None."""
    return [("set-cookie", _set(key, value, secure=secure)) for key, value in changes.items()]


def packed(why: Why) -> str:
    """Return what is asked for as a cookie's value."""
    text = json.dumps([why.purpose, why.case_number])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def name(key: str, *, secure: bool) -> str:
    """Return a cookie's name; browsers take one of this form from the host itself alone."""
    return f"__Host-{key}" if secure else key


def _set(key: str, value: str | None, *, secure: bool) -> str:
    parts = [f"{name(key, secure=secure)}={value or ''}", "Path=/", "HttpOnly", "SameSite=Strict"]
    parts.append(f"Max-Age={0 if value is None else HOURS * 3600}")
    return "; ".join([*parts, *(["Secure"] if secure else [])])


def _cookies(header: str) -> dict[str, str]:
    found: SimpleCookie = SimpleCookie()
    try:
        found.load(header)
    except CookieError:
        return {}
    return {key: morsel.value for key, morsel in found.items()}


def _why(value: str) -> Why:
    try:
        text = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        purpose, case_number = json.loads(text)
        return Why(str(purpose), str(case_number))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return Why()
