"""Where keys lie among sorted ones, and which live mentions have them: loops over mapped files.

Sorted keys are one column, or two: a key and what refines it. Whoever asks gives keys in any
order; ascending ones are found fastest, since each search starts where the one before ended.
"""

from __future__ import annotations

import numpy as np

from linker.blocking.hashing import Bytes, Int32s, Int64s, UInt64s
from linker.compiled import compiled, compiled_once


@compiled
def _is_before(
    keys: UInt64s, refined: UInt64s, place: int, key: np.uint64, finer: np.uint64, equal: bool
) -> bool:
    """Whether what is sorted at a place comes before what is asked, or, with `equal`, is it."""
    if keys[place] != key:
        return bool(keys[place] < key)
    if len(refined) == 0 or refined[place] == finer:
        return equal
    return bool(refined[place] < finer)


@compiled
def _place(
    keys: UInt64s, refined: UInt64s, start: int, key: np.uint64, finer: np.uint64, equal: bool
) -> int:
    """Return the first place from `start` on that is not before: by doubled steps, then halves."""
    low, step = start, 1
    high = start
    while high < len(keys) and _is_before(keys, refined, high, key, finer, equal):
        low = high + 1
        high += step
        step *= 2
    high = min(high, len(keys))
    while low < high:
        middle = (low + high) // 2
        if _is_before(keys, refined, middle, key, finer, equal):
            low = middle + 1
        else:
            high = middle
    return low


@compiled_once
def places_of(
    keys: UInt64s, refined: UInt64s, asked: UInt64s, asked_refined: UInt64s
) -> tuple[Int64s, Int64s]:
    """Return where each asked key starts among sorted ones, and where it ends.

    Args:
        keys: Sorted.
        refined: What refines each, ascending within a key; empty where that is not asked for.
        asked: The keys looked for.
        asked_refined: What refines each of these; not read where `refined` is empty.
    """
    firsts = np.zeros(len(asked), dtype=np.int64)
    lasts = np.zeros(len(asked), dtype=np.int64)
    place = 0
    for number in range(len(asked)):
        key = asked[number]
        finer = asked_refined[number] if len(refined) > 0 else np.uint64(0)
        if number > 0 and not _is_before(asked, asked_refined, number - 1, key, finer, True):
            place = 0
        place = _place(keys, refined, place, key, finer, False)
        firsts[number] = place
        lasts[number] = _place(keys, refined, place, key, finer, True)
    return firsts, lasts


@compiled
def _is_live(mention: int, live: Bytes) -> int:
    """Return 1 if a mention is live; later ones than `live` knows are not there."""
    byte = mention >> 3
    return live[byte] >> (mention & 7) & 1 if byte < len(live) else 0


@compiled_once
def count_live(
    firsts: Int64s, lasts: Int64s, mentions: Int32s, live: Bytes, counts: Int64s
) -> None:
    """Add to the count of each stretch of mentions how many of them are live.

    Args:
        firsts: Where each stretch starts.
        lasts: Where it ends.
        mentions: Of all stretches.
        live: A bit a number, the lowest first, so that those of all mentions stay in the cache.
        counts: One a stretch.
    """
    for number in range(len(firsts)):
        count = 0
        for place in range(firsts[number], lasts[number]):
            count += _is_live(mentions[place], live)
        counts[number] += count


@compiled_once
def take_live(
    firsts: Int64s,
    lasts: Int64s,
    mentions: Int32s,
    refined: UInt64s,
    live: Bytes,
    free: Int64s,
    found: tuple[Int32s, UInt64s],
) -> None:
    """Copy the live mentions of each stretch, and what refines their keys, to its free places.

    Args:
        firsts: Where each stretch starts.
        lasts: Where it ends.
        mentions: Of all stretches.
        refined: What refines the key of each; empty where nothing does.
        live: A bit a number.
        free: The first free place of each stretch; moved on by what is copied.
        found: Receive mentions and, where there are any, refined keys.
    """
    for number in range(len(firsts)):
        for place in range(firsts[number], lasts[number]):
            if _is_live(mentions[place], live):
                found[0][free[number]] = mentions[place]
                if len(refined) > 0:
                    found[1][free[number]] = refined[place]
                free[number] += 1
