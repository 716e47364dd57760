"""Entity ids: the store's seed and a serial number, mixed, written in 13 letters and digits.

The mix is splitmix64's finaliser (Steele, Lea and Flood, "Fast splittable pseudorandom number
generators", 2014), a bijection of 64-bit numbers: distinct serials have distinct ids, ids tell
nothing of how many there are, and a serial can be told from its id again.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from linker.schemas import EntityType

_ALPHABET: Final = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype=np.uint8)
_PREFIX: Final[dict[EntityType, bytes]] = {"person": b"p", "organization": b"o"}
_LETTERS: Final = 13
_WHOLE: Final = (1 << 64) - 1
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB


def mint(seed: int, serials: np.ndarray, entity_type: EntityType) -> pl.Series:
    """Return the ids of serial numbers: 14 characters, distinct for distinct serials."""
    value = serials.astype(np.uint64) + np.uint64(seed)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(_FIRST)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(_SECOND)
    value ^= value >> np.uint64(31)
    letters = np.empty((len(serials), 1 + _LETTERS), dtype=np.uint8)
    letters[:, 0] = _PREFIX[entity_type][0]
    for place in range(_LETTERS, 0, -1):
        letters[:, place] = _ALPHABET[(value & np.uint64(31)).astype(np.intp)]
        value >>= np.uint64(5)
    return pl.Series("entity_id", letters.view("S14").ravel().astype("U14"), dtype=pl.String())


def id_of(seed: int, serial: int, entity_type: EntityType) -> str:
    """Return the id of one serial number, as `mint` does of many."""
    value = serial + seed & _WHOLE
    value = (value ^ value >> 30) * _FIRST & _WHOLE
    value = (value ^ value >> 27) * _SECOND & _WHOLE
    value ^= value >> 31
    letters = [int(_ALPHABET[value >> 5 * place & 31]) for place in range(_LETTERS - 1, -1, -1)]
    return bytes([_PREFIX[entity_type][0], *letters]).decode()


def serial_of(seed: int, entity_id: str) -> tuple[EntityType, int] | None:
    """Return the entity type and serial number that an id stands for, None where it is no id."""
    letters = _ALPHABET.tobytes().decode()
    types = {prefix.decode(): entity for entity, prefix in _PREFIX.items()}
    entity_type = types.get(entity_id[:1])
    digits = [letters.find(letter) for letter in entity_id[1:]]
    if entity_type is None or len(digits) != _LETTERS or min(digits) < 0:
        return None
    value = 0
    for digit in digits:
        value = value << 5 | digit
    if value > _WHOLE:
        return None
    value = _unshifted(value, 31) * pow(_SECOND, -1, 1 << 64) & _WHOLE
    value = _unshifted(value, 27) * pow(_FIRST, -1, 1 << 64) & _WHOLE
    serial = (_unshifted(value, 30) - seed) & _WHOLE
    return (entity_type, serial) if serial < 1 << 63 else None


def _unshifted(value: int, shift: int) -> int:
    """Return the number that, combined with itself shifted to the right, gives a value."""
    found = value
    while value:
        value >>= shift
        found ^= value
    return found
