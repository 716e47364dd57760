"""Many requests of several workers write into one log, and each knows when it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from linker.audit import AuditLog, Event, Wanted, Who, open_audit
from linker.config import load_config
from linker.errors import AuditError
from linker.service.remembering import Remembering
from tests.jobs.world import write_world

WHO = Who("somebody", "token")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    with open_audit(load_config(write_world(tmp_path / "world"))) as made:
        yield made


def event(number: int) -> Event:
    return Event("lookup", WHO, case_number=str(number))


def written(log: AuditLog) -> list[int]:
    """The numbers of the events, in the order in which they were written."""
    return [int(row["case_number"]) for row in reversed(log.read(limit=1_000))]


def test_what_is_recorded_is_there_when_it_says_so(log: AuditLog, tmp_path: Path) -> None:
    """Of events that are written together none is reported before it can be read."""

    async def ask() -> None:
        remembering = Remembering(log, tmp_path / "turn")

        async def one(number: int) -> None:
            await remembering.record([event(number)])
            assert log.count(Wanted(case_number=str(number))) == 1

        await asyncio.gather(*map(one, range(60)))
        remembering.close()

    asyncio.run(ask())
    assert sorted(written(log)) == list(range(60))
    assert log.verify().sound


def test_workers_take_turns(log: AuditLog, tmp_path: Path) -> None:
    """Several workers at once leave one log without a gap, whole events of each in their order."""

    def work(worker: int) -> None:
        async def ask() -> None:
            remembering = Remembering(log, tmp_path / "turn")
            for number in range(40):
                await remembering.record([event(1_000 * worker + number)])
            remembering.close()

        asyncio.run(ask())

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, (1, 2, 3)))
    numbers = written(log)
    for worker in (1, 2, 3):
        own = [number for number in numbers if number // 1_000 == worker]
        assert own == [1_000 * worker + number for number in range(40)]
    assert log.verify().sound


def test_who_waits_is_told_of_a_failure(log: AuditLog, tmp_path: Path) -> None:
    """Where the log cannot be written everybody who waits learns it, and later ones are written."""

    async def ask() -> list[BaseException | None]:
        remembering = Remembering(log, tmp_path / "turn")
        path = log.database.path
        assert path is not None
        with log.transaction() as transaction:
            head = transaction.connection.exec_driver_sql("SELECT seal FROM head").scalar_one()
            transaction.connection.exec_driver_sql("UPDATE head SET seal = 'forged'")
        told = await asyncio.gather(
            *(remembering.record([event(number)]) for number in range(5)), return_exceptions=True
        )
        with log.transaction() as transaction:
            transaction.connection.exec_driver_sql("UPDATE head SET seal = ?", (head,))
        await remembering.record([event(99)])
        remembering.close()
        return told

    assert all(isinstance(error, AuditError) for error in asyncio.run(ask()))
    assert written(log) == [99]


def test_who_gives_up_holds_nobody_up(log: AuditLog, tmp_path: Path) -> None:
    """A request that is ended while it waits takes nothing from the others."""

    async def ask() -> None:
        remembering = Remembering(log, tmp_path / "turn")
        tasks = [asyncio.create_task(remembering.record([event(number)])) for number in range(20)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(one) for one in told[1::2]] == [type(None)] * 10
        remembering.close()

    asyncio.run(ask())
    assert set(range(1, 20, 2)) <= set(written(log))
