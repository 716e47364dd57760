"""Mailboxes of an office, such as info@, that say of nobody who they are."""

from __future__ import annotations

import numpy as np

from linker.compiled import compiled
from linker.scoring.functions.bits import byte
from linker.scoring.functions.lists import NO_TEXT, contains
from linker.scoring.functions.memory import int32_at, length_of, text_at

OFFICES = (
    # those that a site should have: RFC 2142 (1997)
    *("info", "marketing", "sales", "support", "abuse", "noc", "security", "postmaster"),
    *("hostmaster", "usenet", "news", "webmaster", "www", "uucp", "ftp"),
    # and others in use, Spanish ones among them
    *("accounts", "admin", "administrator", "billing", "contact", "customerservice", "enquiries"),
    *("feedback", "hello", "help", "helpdesk", "hr", "inquiries", "jobs", "mail", "no-reply"),
    *("noreply", "office", "reception", "root", "service", "team"),
    *("administracion", "atencion", "clientes", "compras", "contabilidad", "contacto", "informes"),
    *("oficina", "recepcion", "soporte", "ventas"),
)
"""What stands before the @ of the mailbox of an office."""
_AT = ord("@")
_NAMES = np.frombuffer("".join(f"{name}@" for name in sorted(OFFICES)).encode(), dtype=np.uint8)


@compiled
def offices_in_common(a: int, count_a: int, b: int, count_b: int, data: int, ends: int) -> bool:
    """Say whether texts are in both lists, and all of those are mailboxes of an office.

    Args:
        a: The address of the codes of one list.
        count_a: How many there are.
        b: The address of the codes of the other list.
        count_b: How many there are.
        data: The address of the bytes of all texts.
        ends: The address of where each text starts.
    """
    found = False
    for i in range(count_a):
        code = int32_at(a, i)
        if code == NO_TEXT or not contains(code, b, count_b):
            continue
        if not is_office(text_at(data, ends, code), length_of(ends, code)):
            return False
        found = True
    return found


@compiled
def is_office(a: int, length: int) -> bool:
    """Say whether a text begins with the name of an office and an @."""
    matched, still = 0, True
    for place in range(len(_NAMES)):
        sign = _NAMES[place]
        still = still and matched < length and byte(a + matched) == sign
        if still and sign == _AT:
            return True
        matched += 1
        if sign == _AT:
            matched, still = 0, True
    return False
