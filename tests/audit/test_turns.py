"""Those who wait together are written together."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from linker.audit.turns import Turns
from linker.errors import AuditError


class Disk:
    """Something that takes its time to write, and can be full."""

    def __init__(self) -> None:
        self.written: list[list[int]] = []
        self.open = threading.Event()
        self.begun = threading.Event()

    def write(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        self.begun.set()
        assert self.open.wait(10)
        numbers = [row["number"] for row in rows]
        if 13 in numbers:
            raise AuditError("the disk is full")
        if 99 in numbers:
            raise ZeroDivisionError
        self.written.append(numbers)
        return [10 * number for number in numbers]


def go(disk: Disk, wishes: list[list[int]]) -> dict[int, object]:
    """Have several write at once, the others while the first is at it; return what each got."""
    turns, got = Turns(disk.write), dict[int, object]()

    def wish(place: int) -> None:
        try:
            got[place] = turns.write([{"number": number} for number in wishes[place]])
        except (AuditError, ZeroDivisionError) as error:
            got[place] = repr(error)

    threads = [threading.Thread(target=wish, args=(place,)) for place in range(len(wishes))]
    threads[0].start()
    assert disk.begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(turns._waiting) < len(wishes) - 1:
        time.sleep(0.001)
    disk.open.set()
    for thread in threads:
        thread.join()
    return got


def test_who_waits_is_written_with_the_others() -> None:
    """While one is written all that come are gathered, and each gets the numbers of its own."""
    disk = Disk()
    got = go(disk, [[1], [2, 3], [4], [5, 6, 7]])
    assert got == {0: [10], 1: [20, 30], 2: [40], 3: [50, 60, 70]}
    assert len(disk.written) == 2
    assert disk.written[0] == [1]


@pytest.mark.parametrize(
    ("number", "said"), [(13, "the disk is full"), (99, "nothing was recorded, by a defect")]
)
def test_what_fails_fails_for_all_it_was_done_for(number: int, said: str) -> None:
    """Nobody is told that something is written which is not, and who comes later is."""
    disk = Disk()
    got = go(disk, [[1], [2], [number]])
    assert got[0] == [10]
    failed = [str(got[place]) for place in (1, 2)]
    assert all(said in told or "ZeroDivisionError" in told for told in failed)
    assert disk.written == [[1]]
    assert Turns(disk.write).write([{"number": 4}]) == [40]
