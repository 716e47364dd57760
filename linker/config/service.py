"""The sections of the service: where it listens, what it bounds, who may ask, what it remembers."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from linker.config.section import Section

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures with a public key; a shared secret would let every reader of it sign."""


class OidcSettings(Section):
    """``[service.oidc]``: tokens of an identity provider, beside those of ``linker access``."""

    issuer: str = Field(min_length=1)
    audience: str = Field(min_length=1)
    keys: str = Field(min_length=1)
    """Its public keys: a JWKS file, or an https address."""
    algorithms: list[Algorithm] = Field(default=["RS256"], min_length=1)
    subject_claim: str = "sub"
    role_claim: str = "linker_role"
    agency_claim: str = "linker_agency"
    unit_claim: str = "linker_unit"
    leeway_seconds: int = Field(default=30, ge=0, le=300)


class ServiceSettings(Section):
    """``[service]``: what ``linker serve`` listens on, and what it bounds."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=0, ge=0, le=64)
    """Processes that answer; as many as there are processors if 0."""
    certificate: Path | None = None
    """A PEM file; with it and `private_key` the service speaks TLS."""
    private_key: Path | None = None
    behind_tls: bool = False
    """Browsers reach it by a proxy that speaks TLS: cookies then travel by TLS alone."""
    max_body_bytes: int = Field(default=262_144, ge=1_024, le=1 << 30)
    max_bulk_queries: int = Field(default=1_000, ge=1, le=100_000)
    request_seconds: float = Field(default=10.0, gt=0, le=600)
    """A request that takes longer, sending included, is ended."""
    requests_per_minute: int = Field(default=600, ge=1)
    """Of one asker, over all workers together on average; past it the answer is 429."""
    burst: int = Field(default=60, ge=1)
    """So many at once before the rate counts."""
    concurrent_requests: int = Field(default=128, ge=1, le=10_000)
    """A worker with more in work answers 503 at once."""
    answer_milliseconds: int = Field(default=25, ge=0, le=10_000)
    """Answers to lookups leave at multiples of it, so that their time tells nothing."""
    reload_seconds: float = Field(default=1.0, gt=0, le=3_600)
    """How often a worker looks for a newly published generation."""
    oidc: OidcSettings | None = None

    @property
    def reached_by_tls(self) -> bool:
        """Whether browsers reach the service by TLS, its own or a proxy's."""
        return self.behind_tls or self.certificate is not None


class AuditSettings(Section):
    """``[audit]``: where questions, answers, tokens and alerts are kept."""

    url: str | None = None
    """``sqlite:///FILE`` or ``postgresql+pg8000://...``; in the store if left out."""
