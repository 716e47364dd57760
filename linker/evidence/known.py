"""Which columns two mentions have, without what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

Lacking = Literal["question", "record", "both", "neither"]
"""Which of a question and a record lacks what a comparison needs."""


@dataclass(frozen=True)
class Known:
    """The columns of a mention that a question has, and those that a record has.

    With it an absence can be told exactly: what the question could still give is another matter
    than what the record does not hold. Values are never part of it.
    """

    question: frozenset[str]
    record: frozenset[str]

    @classmethod
    def of(cls, question: Mapping[str, Any], record: Mapping[str, Any]) -> Self:
        """Return what two mentions have, each given as column: value; an empty list is nothing."""
        return cls(_columns(question), _columns(record))

    def lacking(self, columns: Iterable[str], *, any_of: bool) -> Lacking:
        """Return which side lacks columns, so that they cannot be compared.

        Args:
            columns: What a comparison needs.
            any_of: Whether one column that both sides have is enough; else each is needed.
        """
        wanted = frozenset(columns)
        if any_of:
            if wanted & self.question & self.record:
                return "neither"
            lacks = [not wanted & side for side in (self.question, self.record)]
            # each has one of them, and no two the same: what the record has can still be asked for
            lacks = lacks if any(lacks) else [True, False]
        else:
            lacks = [not wanted <= side for side in (self.question, self.record)]
        question, record = lacks
        if question and record:
            return "both"
        return "question" if question else "record" if record else "neither"


def _columns(mention: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        column
        for column, value in mention.items()
        if value is not None and not (isinstance(value, list) and not value)
    )
