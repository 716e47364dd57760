"""Tokens of an identity provider: which are believed, and which are not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from linker.access import Gatekeeper, Refusal
from linker.access.identity import REFUSED
from linker.audit import open_audit
from linker.config import load_config
from tests.access.provider import (
    AUDIENCE,
    EC,
    ED,
    ISSUER,
    JWKS,
    RSA,
    STRANGE,
    claims,
    jwk,
    signed,
)
from tests.audit.logs import write_config

OIDC = f"""
[service.oidc]
issuer = "{ISSUER}"
audience = "{AUDIENCE}"
keys = "keys.json"
algorithms = ["RS256", "ES256", "EdDSA", "PS256"]
"""


@pytest.fixture(scope="module")
def gatekeeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gatekeeper]:
    """A gatekeeper who knows a provider by the keys in a file."""
    directory = tmp_path_factory.mktemp("oidc")
    (directory / "keys.json").write_text(json.dumps(JWKS), encoding="utf-8")
    config = load_config(write_config(directory, more=OIDC))
    with open_audit(config) as log:
        yield Gatekeeper(config, log)


def reason(gatekeeper: Gatekeeper, token: str) -> str:
    with pytest.raises(Refusal) as raised:
        gatekeeper.identify(token)
    assert str(raised.value) == REFUSED
    assert raised.value.__cause__ is None
    return raised.value.reason


def test_a_token_of_the_provider(gatekeeper: Gatekeeper) -> None:
    """Who brings a token that the provider signed is whom its claims name."""
    identity = gatekeeper.identify(signed())
    assert (identity.subject, identity.name, identity.how) == ("u-17", "J. Vega", "oidc")
    assert (identity.role, identity.agency, identity.unit) == ("owner", "HSI", "Laredo")
    assert identity.token_id == "j-1"  # noqa: S105 - a number, no secret


@pytest.mark.parametrize(
    ("key", "algorithm", "key_id"),
    [(EC, "ES256", "ec"), (ED, "EdDSA", "ed"), (RSA, "RS256", "rsa")],
)
def test_signatures_that_are_configured(
    gatekeeper: Gatekeeper, key: Any, algorithm: str, key_id: str
) -> None:
    """Each kind of signature that the configuration lists is checked with a key of its kind."""
    assert gatekeeper.identify(signed(None, key, algorithm, key_id)).subject == "u-17"


def test_claims_that_may_be_missing(gatekeeper: Gatekeeper) -> None:
    """Without a name, a number, an agency or a first day a token is a token."""
    missing = dict.fromkeys(("name", "jti", "linker_agency", "linker_unit", "nbf"))
    identity = gatekeeper.identify(signed(claims(**missing)))
    assert (identity.name, identity.token_id) == ("u-17", None)
    assert (identity.agency, identity.unit) == (None, None)


def test_claims_in_other_forms(gatekeeper: Gatekeeper) -> None:
    """Several audiences and roles are allowed where exactly one is ours."""
    values = claims(aud=["other", AUDIENCE], linker_role=["staff", "reviewer", 7, ["owner"]])
    assert gatekeeper.identify(signed(values)).role == "reviewer"


def test_clocks_may_differ_a_little(gatekeeper: Gatekeeper) -> None:
    """Times count with the leeway of the configuration, half a minute."""
    now = int(time.time())
    for changed in ({"exp": now - 20}, {"nbf": now + 20}, {"iat": now + 20}):
        assert gatekeeper.identify(signed(claims(**changed))).subject == "u-17"


def part(values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def forged(algorithm: str, secret: bytes | None = None, **header: Any) -> str:
    """A token that nobody signed, or that is signed with a secret."""
    said = f"{part({'alg': algorithm, 'kid': 'rsa', **header})}.{part(claims())}"
    made = hmac.digest(secret, said.encode(), hashlib.sha256) if secret else b""
    return f"{said}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


PUBLIC = RSA.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
NOW = int(time.time())
FAULTS = {
    "unsigned": (forged("none"), "another algorithm"),
    "unsigned, in capitals": (forged("NONE"), "another algorithm"),
    "signed with the public key as a secret": (forged("HS256", PUBLIC), "another algorithm"),
    "without an algorithm": (forged(""), "another algorithm"),
    "an algorithm that is not configured": (
        signed(None, RSA, "RS512"),
        "another algorithm",
    ),
    "an algorithm that is not the key's": (
        signed(None, RSA, "PS256"),
        "the key is for another algorithm",
    ),
    "a key of another kind": (signed(None, RSA, "RS256", "ec"), "no token"),
    "without a key's name": (signed(key_id=None), "no key named"),
    "an unknown key": (signed(None, STRANGE, "RS256", "strange"), "unknown key"),
    "another one's key by our name": (signed(None, STRANGE), "the signature is wrong"),
    "an own key in the token": (
        signed(None, STRANGE, "RS256", "rsa", jwk=JWKS["keys"][0], jku="https://evil.example"),
        "the signature is wrong",
    ),
    "an extension that is critical": (signed(crit=["b64"], b64=True), "no token"),
    "for another audience": (signed(claims(aud="other")), "for another audience"),
    "for no audience": (signed(claims(aud=None)), "a claim is missing"),
    "for an audience like ours": (signed(claims(aud="linker2")), "for another audience"),
    "of another issuer": (signed(claims(iss="https://evil.example")), "of another issuer"),
    "of no issuer": (signed(claims(iss=None)), "a claim is missing"),
    "of an issuer like ours": (signed(claims(iss=f"{ISSUER}/")), "of another issuer"),
    "expired": (signed(claims(exp=NOW - 31)), "expired"),
    "without an end": (signed(claims(exp=None)), "a claim is missing"),
    "with an end that is no time": (signed(claims(exp="never")), "no token"),
    "with an end beyond numbers": (signed(claims(exp=1e400)), "no token"),
    "not valid yet": (signed(claims(nbf=NOW + 90)), "not valid yet"),
    "of the future": (signed(claims(iat=NOW + 90)), "not valid yet"),
    "of no time": (signed(claims(iat=None)), "a claim is missing"),
    "without a subject": (signed(claims(sub=None)), "no subject"),
    "of an empty subject": (signed(claims(sub=" ")), "no subject"),
    "of a subject on two lines": (signed(claims(sub="a\nb")), "a claim that is no name"),
    "of a long subject": (signed(claims(sub="a" * 201)), "a claim that is no name"),
    "without a role": (signed(claims(linker_role=None)), "no role of ours"),
    "of an unknown role": (signed(claims(linker_role="admin")), "no role of ours"),
    "of a role in capitals": (signed(claims(linker_role="Manager")), "no role of ours"),
    "of a role that is no text": (signed(claims(linker_role={"a": 1})), "no role of ours"),
    "of two roles": (signed(claims(linker_role=["owner", "manager"])), "several roles"),
    "of an agency that is none": (signed(claims(linker_agency=["HSI"])), "a claim that is no name"),
    "of a unit that is none": (signed(claims(linker_unit=7)), "a claim that is no name"),
    "too long": (signed(claims(more="x" * 8_192)), "too long"),
    "cut short": (signed()[:-9], "no token"),
    "two parts": (".".join(signed().split(".")[:2]), "no token"),
    "four parts": (f"{signed()}.x", "no token"),
    "no JSON": ("YQ.YQ.YQ", "no token"),
    "JSON of another shape": (f"{part([1])}.{part(7)}.YQ", "no token"),
    "deep JSON": (f"{part(json.loads('[' * 900 + ']' * 900))}.YQ.YQ", "no token"),
    "encrypted": (
        f"{part({'alg': 'RSA-OAEP', 'enc': 'A256GCM', 'kid': 'rsa'})}.a.b.c.d",
        "no token",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_tokens_that_are_refused(gatekeeper: Gatekeeper, fault: str) -> None:
    """Each faulty token is refused in the same words; the fault is known to the log alone."""
    token, said = FAULTS[fault]
    assert reason(gatekeeper, token) == said


@given(st.data())
def test_any_letter_that_is_changed(gatekeeper: Gatekeeper, data: st.DataObject) -> None:
    """A token of which any letter is another one is refused."""
    token = signed()
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(codec="ascii"))
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        assert reason(gatekeeper, changed)


@given(st.from_regex(r"[\x00-\x7f]*\.[\x00-\x7f]*\.[\x00-\x7f]*", fullmatch=True))
def test_garbage(gatekeeper: Gatekeeper, text: str) -> None:
    """Whatever is brought instead of a token is refused, and nothing else happens."""
    assert reason(gatekeeper, text)


HEADERS = st.dictionaries(
    st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x5c"]),
    st.sampled_from(["RS256", "none", "rsa", "", 7, None, True, [], {}, ["b64"], {"kty": "RSA"}]),
)


@given(HEADERS, st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_headers_and_claims_of_any_kind(gatekeeper: Gatekeeper, header: Any, body: Any) -> None:
    """A token with any header and any claims, and no signature of the provider, is refused."""
    assert reason(gatekeeper, f"{part(header)}.{part(body)}.{part('x')}")


def test_our_own_tokens_beside(gatekeeper: Gatekeeper) -> None:
    """What looks like a token of ours is never taken for one of the provider."""
    assert reason(gatekeeper, "lk_" + signed()) == "no token of ours"


def test_no_provider_is_configured(tmp_path: Path) -> None:
    """Without a provider its tokens are refused."""
    config = load_config(write_config(tmp_path))
    with open_audit(config) as log:
        assert reason(Gatekeeper(config, log), signed()) == "no token of ours"


def test_the_claims_have_names_of_their_own(tmp_path: Path) -> None:
    """Which claims give the subject, the role, the agency and the unit is configured."""
    (tmp_path / "keys.json").write_text(json.dumps(JWKS), encoding="utf-8")
    named = 'subject_claim = "email"\nrole_claim = "r"\nagency_claim = "a"\nunit_claim = "u"\n'
    config = load_config(write_config(tmp_path, more=OIDC + named))
    with open_audit(config) as log:
        values = claims(email="vega@example.org", r="manager", a="DEA", u="El Paso")
        identity = Gatekeeper(config, log).identify(signed(values))
    assert (identity.subject, identity.role) == ("vega@example.org", "manager")
    assert (identity.agency, identity.unit) == ("DEA", "El Paso")


def test_a_short_key(tmp_path: Path) -> None:
    """A key of the provider that is too short to be safe is not used."""
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to be refused
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [jwk(short, "short")]}))
    config = load_config(write_config(tmp_path, more=OIDC))
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        token = signed(None, short, "RS256", "short")
    with open_audit(config) as log:
        assert reason(Gatekeeper(config, log), token) == "no token"
