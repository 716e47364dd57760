"""Requests that nobody means well with: bodies, fields, headers and paths, without end."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from linker.schemas import ORGANIZATION_FIELDS, PERSON_FIELDS
from tests.service.serving import WHY

PATHS: Final = ("/v1/lookups", "/v1/lookups/bulk", "/v1/explanations")
TEXTS: Final = (
    *("' OR 1=1 --", "'; DROP TABLE events; --", '") UNION SELECT * FROM tokens --', "%' AND 1='1"),
    *("{{7*7}}", "${jndi:ldap://x}", "../../../../etc/passwd", "<script>alert(1)</script>"),
    *("%s%s%s%n", "\x07\x08\x1b[31m", "\r\nSet-Cookie: a=b", "\u202egnp.exe", "\u0000", "\ufeff"),
    *("José\u0301", "\U0001f480" * 40, "ﷺ" * 30, "İıſß", "a\u0300" * 200, "\u200b" * 50, "ǅ"),
    *("*", "?", "***???", "?" * 1_000, "*" * 1_000, "A*B?C*D?" * 100, "[a-z]+", "(a+)+$", "\\"),
    *("NaN", "Infinity", "-0", "1e999", "9" * 400, "0x10", "٣٤٥", "½", "Ⅻ", "-1-2", "30-20"),
    *("1980-02-30", "0000-00-00", "9999-99-99", "31/12/1", "2026-13-45T99:99", "-1980", "1980-"),
    *(";;;;;", "|||", "a;" * 400, "nobody@" + "a" * 900, "+" * 500, "," * 500, " " * 900, "-"),
)
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 2**70, 1.5, -0.0, [], {}, [[]], {"a": {}}, [None], [1, "a"]),
    *(["a"] * 51, {"$ne": None}, ["x" * 1_001], "x" * 1_001, "\ud800", ["\udfff"], 10**400),
)


@dataclass(frozen=True)
class Attempt:
    """A request."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def attempts(seed: int) -> Iterator[Attempt]:
    """Attempts, ever others, the same for a seed."""
    chance = random.Random(seed)
    kinds: tuple[Callable[[random.Random], Attempt], ...] = (
        *(_odd_texts, _odd_texts, _odd_texts, _odd_values, _odd_values, _odd_shapes, _odd_bytes),
        *(_odd_headers, _odd_paths, _very_long, _very_deep),
    )
    while True:
        yield chance.choice(kinds)(chance)


def _text(chance: random.Random) -> str:
    found = chance.choice(TEXTS)
    if chance.random() < 0.3:
        found += chance.choice(TEXTS)
    if chance.random() < 0.3:
        some = (chr(chance.randrange(0x110000 - 0x800)) for _ in range(chance.randrange(40)))
        found += "".join(letter for letter in some if not "\ud800" <= letter <= "\udfff")
    return found[:1_000]


def _query(chance: random.Random, value: Callable[[random.Random], Any]) -> dict[str, Any]:
    entity = chance.choice(("person", "organization"))
    names = PERSON_FIELDS if entity == "person" else ORGANIZATION_FIELDS
    chosen = chance.sample(names, chance.randrange(1, 6))
    return {"entity_type": entity, "fields": {name: value(chance) for name in chosen}}


def _wrapped(chance: random.Random, query: Any) -> tuple[str, Any]:
    path = chance.choice(PATHS)
    if path.endswith("bulk"):
        return path, {"queries": [query] * chance.randrange(1, 4), **WHY}
    if path.endswith("explanations"):
        told = {"source": chance.choice(("cases", _text(chance))), "record_id": _text(chance)}
        return path, {"question": query, **told, **WHY}
    return path, {**query, **WHY} if isinstance(query, dict) else query


def _json(path: str, body: Any) -> Attempt:
    return Attempt("POST", path, json.dumps(body).encode(), {"content-type": "application/json"})


def _odd_texts(chance: random.Random) -> Attempt:
    return _json(*_wrapped(chance, _query(chance, _text)))


def _odd_values(chance: random.Random) -> Attempt:
    def value(source: random.Random) -> Any:
        return source.choice(VALUES) if source.random() < 0.7 else _text(source)

    return _json(*_wrapped(chance, _query(chance, value)))


def _odd_shapes(chance: random.Random) -> Attempt:
    path, body = _wrapped(chance, _query(chance, _text))
    if isinstance(body, dict) and body:
        key = chance.choice(list(body))
        chosen = chance.randrange(4)
        if chosen == 0:
            del body[key]
        elif chosen == 1:
            body[key] = chance.choice(VALUES)
        elif chosen == 2:
            body[_text(chance)] = body.pop(key)
        else:
            body["until"] = _text(chance)
    return _json(path, chance.choice((body, [body], [], "text", 7, None, body)))


def _odd_bytes(chance: random.Random) -> Attempt:
    whole = json.dumps({**_query(chance, _text), **WHY}).encode()
    cut = chance.randrange(len(whole))
    noise = chance.randbytes(chance.randrange(1, 60))
    body = chance.choice((whole[:cut], whole[:cut] + noise + whole[cut:], noise, b"", b"\xff\xfe"))
    return Attempt("POST", chance.choice(PATHS), body, {"content-type": "application/json"})


def _odd_headers(chance: random.Random) -> Attempt:
    body = json.dumps({**_query(chance, _text), **WHY}).encode()
    headers = chance.choice(
        (
            {"content-type": "application/json; charset=utf-16"},
            {"content-type": "text/plain"},
            {"content-type": "multipart/form-data; boundary=x"},
            {"content-type": "application/json", "content-encoding": "gzip"},
            {"content-type": "application/json", "x-forwarded-for": "1.2.3.4" * 100},
            {"content-type": "application/json", "x-many": "y" * 20_000},
            {},
        )
    )
    return Attempt("POST", chance.choice(PATHS), body, headers)


def _odd_paths(chance: random.Random) -> Attempt:
    word = chance.choice(
        ("%00", "%2e%2e%2f", "%ff%fe", "p" * 900, "a%0d%0ab", "%F0%9F%92%80", "'%20OR%201=1")
    )
    pattern = chance.choice(
        (
            *("/v1/entities/{}", "/v1/entities/{}/history", "/v1/{}", "/{}"),
            *("/v1/alerts/{}/seen", "/v1/alerts?limit={}", "/v1/audit?since={}"),
        )
    )
    path = pattern.format(word)
    method = chance.choice(("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"))
    why = {"linker-purpose": "p", "linker-case": chance.choice(("c", "\x7f", "é" * 200))}
    return Attempt(method, path, b"", why if chance.random() < 0.7 else {})


def _very_long(chance: random.Random) -> Attempt:
    size = chance.choice((1_001, 60_000, 250_000, 1_000_000))
    query = {"entity_type": "person", "fields": {"full_name": chance.choice("aé ") * size}}
    return _json(*_wrapped(chance, query))


def _very_deep(chance: random.Random) -> Attempt:
    depth = chance.choice((17, 1_000, 60_000))
    opening, closing = chance.choice((("[", "]"), ('{"fields":', "}")))
    body = opening * depth + "1" + closing * chance.choice((depth, 0))
    return Attempt(
        "POST", chance.choice(PATHS), body.encode(), {"content-type": "application/json"}
    )
