"""What names have in common as wholes, in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

Words = Sequence[str]
INITIAL = 2.0
WITHOUT_SERVANT = 1.5
SERVANT = "abd"


class UnsureError(Exception):
    """Both answers are right: a similarity lies on an edge, or two are equal but for rounding."""


def words(values: Sequence[str | None]) -> list[str]:
    """The distinct words of a list, in order."""
    return list(dict.fromkeys(value for value in values if value is not None))


def servant(one: str, other: str) -> bool:
    """Whether one name is the other's with "servant" before it: abdrahman, rahman."""
    rest = one.removeprefix(SERVANT)
    fits = is_servant(one) and other.endswith(rest)
    return fits and set(other.removesuffix(rest)) <= set("aeiou")


def is_servant(word: str) -> bool:
    """Whether a word is "abd" and a name: abdrahman."""
    return word.startswith(SERVANT) and len(word.removeprefix(SERVANT).encode()) > 2


def likeness(one: str, other: str, differing: float = 1.0) -> float:
    a, b = one.encode(), other.encode()
    if min(len(a), len(b)) == 1:
        return INITIAL if one[:1] == other[:1] else 0.0
    if servant(one, other) or servant(other, one):
        return WITHOUT_SERVANT
    if is_servant(one) and is_servant(other) and max(len(a), len(b)) <= 16:
        a, b = a.removeprefix(SERVANT.encode()), b.removeprefix(SERVANT.encode())
    if DamerauLevenshtein.distance(a, b) > int(differing * max(len(a), len(b))):
        return 0.0
    return JaroWinkler.similarity(a, b) if a and b else 0.0


def reaches(similarity: float, least: float) -> bool:
    if abs(similarity - least) < 1e-9:
        raise UnsureError
    return similarity >= least


Alike = tuple[float | None, float]
"""The least similarity of words that are alike, None if none are, and the share that may differ."""


def same_words(
    left: Words, right: Words, given_l: str, given_r: str, alike: Alike, both: bool
) -> bool | None:
    """Whether every word of the name with fewer words has its own; None where that is unsure."""
    if min(len(left), len(right)) < 2 or not set(left) & set(right):
        return False
    ways = [(left, right, given_l, given_r), (right, left, given_r, given_l)]
    found = {
        _fits(one, other, given_one, given_other, alike, both)
        for one, other, given_one, given_other in ways
        if len(one) <= len(other)
    }
    return True if True in found else None if None in found else False


def _fits(
    left: Words, right: Words, given_l: str, given_r: str, alike: Alike, both: bool
) -> bool | None:
    least, differing = alike
    try:
        found = [given_l in right, given_r in left]
        enough = all(found) if both else any(found)
        if not enough and (
            least is None or not reaches(likeness(given_l, given_r, differing), least)
        ):
            return False
        return _have_their_own(left, right, alike)
    except UnsureError:
        return None


def _have_their_own(left: Words, right: Words, alike: Alike) -> bool:
    least, differing = alike
    mine = [word for word in left if word not in right]
    theirs = [word for word in right if word not in left]
    for one, other in ((mine, theirs), (theirs, mine)):
        for word in list(one):
            parts = [p for p in permutations(other, 2) if "".join(p) == word]
            if parts:
                one.remove(word)
                for part in parts[0]:
                    other.remove(part)
    initials = servants = 0
    full = sum(len(word.encode()) != 1 for word in left)
    if full < 2:
        return False
    for word in mine:
        ranked = sorted(theirs, key=lambda other, word=word: -likeness(word, other, differing))  # type: ignore[misc]
        best = [likeness(word, other, differing) for other in ranked[:2]]
        if not best or not (best[0] == INITIAL if least is None else reaches(best[0], least)):
            return False
        if len(best) == 2 and 0 < abs(best[0] - best[1]) < 1e-9:
            raise UnsureError
        initials += best[0] == INITIAL
        servants += best[0] == WITHOUT_SERVANT
        full -= best[0] == INITIAL and len(word.encode()) > 1
        if initials > 1 or full < 2:
            return False
        theirs.remove(ranked[0])
    return initials + servants == 0 or not theirs
