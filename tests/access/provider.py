"""An identity provider: its keys, the tokens it signs, and its JWKS over https."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ISSUER = "https://login.example.org"
AUDIENCE = "linker"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
STRANGE = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key: Any, key_id: str, **more: str) -> dict[str, Any]:
    """The public half of a key, as a provider shows it."""
    kinds = {rsa.RSAPrivateKey: RSAAlgorithm, ec.EllipticCurvePrivateKey: ECAlgorithm}
    kinds[ed25519.Ed25519PrivateKey] = OKPAlgorithm
    kind = next(of for shape, of in kinds.items() if isinstance(key, shape))
    return {**json.loads(kind.to_jwk(key.public_key())), "kid": key_id, **more}


JWKS = {"keys": [jwk(RSA, "rsa", use="sig", alg="RS256"), jwk(EC, "ec"), jwk(ED, "ed")]}


def claims(**changed: Any) -> dict[str, Any]:
    """The claims of a good token; what is changed to None is left out."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "u-17",
        "name": "J. Vega",
        "jti": "j-1",
        "iat": now,
        "nbf": now,
        "exp": now + 300,
        "linker_role": "owner",
        "linker_agency": "HSI",
        "linker_unit": "Laredo",
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def signed(
    values: dict[str, Any] | None = None,
    key: Any = RSA,
    algorithm: str = "RS256",
    key_id: str | None = "rsa",
    **header: Any,
) -> str:
    """A signed token."""
    headers = {"kid": key_id, **header} if key_id else header
    return jwt.encode(claims() if values is None else values, key, algorithm, headers=headers)


@dataclass
class Served:
    """What a provider's server answers, and how often it was asked."""

    body: bytes
    status: int = 200
    delay: float = 0.0
    asked: int = 0
    port: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}/keys"


def certificate(directory: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody knows yet, and its key."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, EC.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(EC, hashes.SHA256())
    )
    paths = directory / "certificate.pem", directory / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        EC.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@contextmanager
def serving(directory: Path) -> Iterator[Served]:
    """Serve the keys over https with a certificate of its own, which lies in the directory."""
    served = Served(json.dumps(JWKS).encode())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked += 1
            time.sleep(served.delay)
            self.send_response(served.status)
            for name, value in served.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(served.body)

        def log_message(self, *_: Any) -> None:
            pass

    made = certificate(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*made)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        served.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
