"""What asking for known targets gave: how many a model's questions found, by the fields given.

`EVALUATION` lies in a model's directory, written by ``python -m benchmarks.lookup --evaluate``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

EVALUATION: Final = "evaluation.json"


@dataclass(frozen=True)
class Counts:
    """How many known targets were asked for, and how many were found.

    Attributes:
        by_bits: By whole bits from 0 on, the same if a match needed so much more evidence: as among
            more records, where a match is the rarer. Of questions that are not out of reach then.
    """

    by_bits: tuple[tuple[int, int], ...]

    def at(self, bits: float) -> tuple[int, int]:
        """Return how many were asked for and found if a match needed some bits more."""
        return self.by_bits[min(max(round(bits), 0), len(self.by_bits) - 1)]

    def missed(self, bits: float) -> float:
        """Return the share that is missed if a match needs some bits more, between 0 and 1.

        It is the rule of succession: no count of misses is proof that there are none.
        """
        place = min(max(bits, 0.0), len(self.by_bits) - 1.0)
        low, part = int(place), place % 1
        shares = [(asked - found + 1) / (asked + 2) for asked, found in self.by_bits[low : low + 2]]
        return shares[0] * (1 - part) + shares[-1] * part


@dataclass(frozen=True)
class Evaluation:
    """What asking for known targets gave.

    Attributes:
        of: What was asked, in words.
        needed: How much evidence a match needed then, in bits.
        rows: By the fields a question gave: how many were asked for and found, of questions that
            are not out of reach.
        beyond: The same of all that are.
    """

    of: str
    needed: float
    rows: Mapping[frozenset[str], Counts]
    beyond: Counts = Counts(((0, 0),))

    def nearest(self, fields: Iterable[str], bits: float = 0.0) -> frozenset[str] | None:
        """Return the evaluated question that gives the most of some fields and no other.

        Of several, the one that missed the fewest: who gives more is found by each of them.

        Args:
            fields: As `fields_told` names them.
            bits: How much more evidence a match needs than it did.
        """
        given = frozenset(fields)
        within = [row for row in self.rows if row and row <= given]
        return max(
            within,
            key=lambda row: (len(row), -self.rows[row].missed(bits), sorted(row)),
            default=None,
        )


def read_evaluation(directory: Path) -> Evaluation | None:
    """Return the evaluation of a model; None where it has none, or one that cannot be read."""
    try:
        told: Any = json.loads((directory / EVALUATION).read_text(encoding="utf-8"))
        rows = {frozenset(row["fields"]): _counts(row) for row in told["rows"]}
        beyond = _counts(told["out_of_reach"])
        return Evaluation(str(told["of"]), float(told["needed"]), rows, beyond)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _counts(row: Mapping[str, Any]) -> Counts:
    first = (int(row["asked"]), int(row["found"]))
    return Counts((first, *((int(asked), int(found)) for asked, found in row.get("harder", ()))))
