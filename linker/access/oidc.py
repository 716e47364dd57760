"""OIDC: tokens that an identity provider signed (JWT), and whom its claims name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import jwt

from linker.access.identity import Identity, Refusal
from linker.access.keys import Keys
from linker.config import Config
from linker.config.service import OidcSettings
from linker.deconfliction.disclose import ROLES, Role

LONGEST: Final = 200
"""Characters of a claim that names somebody."""

_FAULTS: Final[Mapping[type[jwt.PyJWTError], str]] = {
    jwt.ExpiredSignatureError: "expired",
    jwt.ImmatureSignatureError: "not valid yet",
    jwt.InvalidAudienceError: "for another audience",
    jwt.InvalidIssuerError: "of another issuer",
    jwt.InvalidSignatureError: "the signature is wrong",
    jwt.MissingRequiredClaimError: "a claim is missing",
}


class Provider:
    """An identity provider; threads may share it."""

    def __init__(self, config: Config, settings: OidcSettings) -> None:
        """Say which provider.

        Raises:
            ConfigError: Its keys are at an address without TLS, or in no file.
        """
        self._settings = settings
        self._keys = Keys(config, settings.keys)

    def identity_of(self, token: str) -> Identity:
        """Return whom a token names, if the provider signed it for us and it is in force.

        ``exp`` and ``iat`` must be there; ``nbf``, which many providers leave out, is obeyed where
        it is.

        Raises:
            Refusal: It is not so.
        """
        try:
            claims = self._claims(token)
        except jwt.PyJWTError as error:  # their texts may quote the token
            fault = (said for kind, said in _FAULTS.items() if isinstance(error, kind))
            raise Refusal(next(fault, "no token")) from None
        except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError):
            raise Refusal("no token") from None
        settings = self._settings
        subject = _text(claims, settings.subject_claim)
        if subject is None:
            raise Refusal("no subject")
        return Identity(
            subject=subject,
            name=_text(claims, "name") or subject,
            role=_role(claims.get(settings.role_claim)),
            agency=_text(claims, settings.agency_claim),
            unit=_text(claims, settings.unit_claim),
            token_id=_text(claims, "jti"),
            how="oidc",
        )

    def _claims(self, token: str) -> dict[str, Any]:
        settings = self._settings
        header = jwt.get_unverified_header(token)
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in settings.algorithms:
            raise Refusal("another algorithm")
        if not isinstance(key_id, str):
            raise Refusal("no key named")
        key = self._keys.get(key_id)
        if key.get("alg", algorithm) != algorithm:
            raise Refusal("the key is for another algorithm")
        return jwt.decode(
            token,
            jwt.PyJWK(key, algorithm),  # which refuses a key of another kind
            algorithms=[algorithm],
            audience=settings.audience,
            issuer=settings.issuer,
            leeway=settings.leeway_seconds,
            options={
                "require": ["exp", "iat", "iss", "aud"],
                "enforce_minimum_key_length": True,
            },
        )


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    """Return a claim that is a text, None where there is none.

    Raises:
        Refusal: It is something else, or too long, or not on one line.
    """
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise Refusal("a claim that is no name")
    return value.strip() or None


def _role(claim: object) -> Role:
    """Return the role that a claim gives: a text, or a list with exactly one role of ours.

    Raises:
        Refusal: It gives none, or several.
    """
    given = claim if isinstance(claim, list) else [claim]
    roles = {role for role in ROLES if role in given}
    if len(roles) != 1:
        raise Refusal("several roles" if roles else "no role of ours")
    return roles.pop()
