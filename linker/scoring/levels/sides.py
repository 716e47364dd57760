"""How a test names the two records' values in the source of a kernel.

A record is a row of whole numbers (see `linker.scoring.features`). In the generated source ``a``
and ``b`` are the addresses of the left and of the right record's row, ``data``, ``ends`` and
``lists`` those of the strings and lists that rows refer to, ``logs`` and ``word_starts`` those of
log2 of term frequencies and of where, by a column's number, those of its words start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["text", "number", "date", "list"]
"""What a column holds: a text, a whole number, a date, or a list of texts."""


WORD_BITS: Final = 31
"""Columns that a known word tells of; its sign stays free."""


@dataclass(frozen=True)
class Slot:
    """Where a record's row holds a column: its first place, what it holds, and its known bit.

    A text is the code of a string of the dictionary, -1 where missing; a number is itself, a date
    its digits, `NOTHING` where missing; a list takes two places, where its codes start and how many
    there are, -1 where missing. Bit `number` of the row's known words, `WORD_BITS` each at its
    beginning, says whether the record has the column.
    """

    place: int
    form: Form
    number: int

    @property
    def width(self) -> int:
        """How many places the column takes."""
        return 2 if self.form == "list" else 1


@dataclass(frozen=True)
class Sides:
    """The names of both records' values: the slot of each column."""

    slots: Mapping[str, Slot]

    def both(self, column: str) -> str:
        """Return both values of a text, number or date: two arguments."""
        return f"{self.left(column)}, {self.right(column)}"

    def left(self, column: str) -> str:
        """Return the left record's value of a text, number or date."""
        return _number("a", self.slots[column].place)

    def right(self, column: str) -> str:
        """Return the right record's value of a text, number or date."""
        return _number("b", self.slots[column].place)

    def texts(self, column: str) -> str:
        """Return both strings of a text as functions take them: address, length, twice."""
        return f"{_string(self.left(column))}, {_string(self.right(column))}"

    def lists(self, left: str, right: str) -> str:
        """Return a list of each record: the address of its codes and their count, twice."""
        return f"{self.left_list(left)}, {self.right_list(right)}"

    def left_list(self, column: str) -> str:
        """Return the left record's list: the address of its codes and their count."""
        return self._list("a", column)

    def right_list(self, column: str) -> str:
        """Return the right record's list: the address of its codes and their count."""
        return self._list("b", column)

    def word_logs(self, column: str) -> str:
        """Return the address of log2 of the term frequencies of a list's words, by code."""
        return f"logs + 8 * int64_at(word_starts, {self.slots[column].number})"

    @property
    def begin(self) -> list[str]:
        """The lines that say which columns both records have, ``k0`` and so on."""
        words = range(known_words(len(self.slots)))
        return [f"k{word} = {_number('a', word)} & {_number('b', word)}" for word in words]

    def known(self, *columns: str) -> str:
        """Return the test whether both records have every one of some columns."""
        tests = [f"k{word} & {bits} == {bits}" for word, bits in self._bits(columns)]
        return f"({' and '.join(tests)})"

    def any_known(self, *columns: str) -> str:
        """Return the test whether both records have any one of some columns."""
        tests = [f"k{word} & {bits} != 0" for word, bits in self._bits(columns)]
        return f"({' or '.join(tests)})"

    def unknown(self, column: str) -> str:
        """Return the test whether neither record has a column."""
        ((word, bit),) = self._bits([column])
        return f"(({_number('a', word)} | {_number('b', word)}) & {bit} == 0)"

    def _bits(self, columns: Iterable[str]) -> list[tuple[int, int]]:
        bits: dict[int, int] = {}
        for column in columns:
            word, bit = divmod(self.slots[column].number, WORD_BITS)
            bits[word] = bits.get(word, 0) | 1 << bit
        return sorted(bits.items())

    def same(self, column: str) -> str:
        """Return the test whether both records have the column and it is equal."""
        return f"({self.left(column)} == {self.right(column)} and {self.known(column)})"

    def as_many(self, column: str) -> str:
        """Return the test whether both records have as many values of a list."""
        place = self.slots[column].place + 1
        return f"({_number('a', place)} == {_number('b', place)} and {self.known(column)})"

    def crossed(self, left: str, right: str) -> str:
        """Return the test whether the left one's text `left` is the right one's `right`."""
        return f"({self.left(left)} == {self.right(right)} and {self.left(left)} >= 0)"

    def _list(self, row: str, column: str) -> str:
        place = self.slots[column].place
        return f"lists + 4 * {_number(row, place)}, {_number(row, place + 1)}"


def _number(row: str, place: int) -> str:
    return f"int32_at({row}, {place})"


def _string(code: str) -> str:
    return f"text_at(data, ends, {code}), length_of(ends, {code})"


def known_words(columns: int) -> int:
    """Return how many words a row begins with, which tell what the record has."""
    return -(-columns // WORD_BITS)
