"""Asking, in a process of its own that has nothing open yet: seconds, answers, memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.batch.job import run_side
from benchmarks.lookup.draw import Posed
from benchmarks.lookup.left_out import in_store
from benchmarks.lookup.memory import memory_mb
from benchmarks.lookup.mix import KINDS
from linker.config import Config
from linker.deconfliction.disclose import REQUESTER
from linker.lookup.answer import Answer
from linker.lookup.desk import Desk, Desks
from linker.lookup.question import Question

SIDE: Final = "benchmarks.lookup.side"
MILLISECOND: Final = 1e-3
_NAMED: Final = frozenset({"full_name", "given_name", "surname", "name"})
_SHARED: Final = 1_000
"""So many questions the second process asks, which shares the index with the first one."""


def open_desks(config: Config) -> tuple[Desks, float]:
    """Open the published generation; return it and the seconds that took."""
    began = time.perf_counter()
    desks = Desks(config)
    return desks, time.perf_counter() - began


def ask(config: Config, view: Path, posed: Sequence[Posed], job: dict[str, Any]) -> dict[str, Any]:
    """Ask every question once, one after the other, and say what came of it.

    Args:
        config: Names the store.
        view: The store in which some records are left out.
        posed: The questions, in the order in which they are asked.
        job: That of the second process, which shares the index.

    Returns:
        ``open_seconds``; ``kinds``: the figures of each; ``all``: of all of them; ``memory``: of
        this process, ``memory_before`` it asked, and ``second``: of the other one.
    """
    desks, opened = open_desks(in_store(config, view))
    before = _memory(config, view)
    rows = [_row(desks.current, one) for one in posed]
    memory = _memory(config, view)
    second = run_side("share", job, Path(job["out"]), SIDE)["memory"]
    of_kind = {kind.name: [row for row in rows if row["kind"] == kind.name] for kind in KINDS}
    return {
        "open_seconds": opened,
        "kinds": {kind: figures(some) for kind, some in of_kind.items() if some},
        "all": figures(rows),
        "memory": memory,
        "memory_before": before,
        "second": second,
    }


def share(config: Config, view: Path, posed: Sequence[Posed]) -> dict[str, Any]:
    """Open what another process has open, ask some of its questions, and tell the memory."""
    desks, opened = open_desks(in_store(config, view))
    for one in posed[:_SHARED]:
        _row(desks.current, one)
    return {"open_seconds": opened, "memory": _memory(config, view)}


def _memory(config: Config, view: Path) -> dict[str, float] | None:
    """Return the memory of this process; files of the view are links to those of the store."""
    return memory_mb(config.resolve(config.store.directory), view)


def _row(desk: Desk, posed: Posed) -> dict[str, Any]:
    """Ask one question, and say what came of it."""
    question = Question(posed.entity, posed.fields)
    began, begun = time.perf_counter(), time.thread_time()
    answer = desk.answer(question, REQUESTER).answer
    took, used = time.perf_counter() - began, time.thread_time() - begun
    ids = _ids(posed, answer)
    there = [entity_id in posed.found for entity_id in ids]
    return {
        "kind": posed.kind,
        "there": bool(posed.found),
        "ms": took / MILLISECOND,
        "cpu_ms": used / MILLISECOND,
        "candidates": answer.candidates,
        "hits": answer.matching_entities,
        "first": bool(there[:1] == [True]),
        "found": any(there),
        "hit": answer.outcome == "HIT",
        "linked": any(hit.tier != "POSSIBLE" for hit in answer.hits),
    }


def _ids(posed: Posed, answer: Answer) -> list[str]:
    """Return the entities that an answer names: hits, and of a question without a name holders."""
    found = [hit.entity_id for hit in answer.hits]
    if _NAMED.isdisjoint(posed.fields):
        found += [shared.entity_id for shared in answer.shared]
    return found


def figures(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what came of some questions.

    Returns:
        ``asked``; ``p50_ms``, ``p95_ms``, ``p99_ms``, ``max_ms``; ``cpu_p50_ms``, ``cpu_p99_ms``:
        of the processor's time, which other work disturbs less; ``candidates``, ``hits``: on
        average; of targets that are there ``first`` and ``recall``: the shares found in the first
        place, and anywhere; of others ``false_hits`` and ``false_links``: the shares that had a
        hit, and one that is no less than probable.
    """
    took = np.array([row["ms"] for row in rows])
    there = [row for row in rows if row["there"]]
    absent = [row for row in rows if not row["there"]]
    p50, p95, p99 = np.percentile(took, [50, 95, 99])
    cpu50, cpu99 = np.percentile([row["cpu_ms"] for row in rows], [50, 99])
    return {
        "asked": len(rows),
        "p50_ms": round(float(p50), 3),
        "p95_ms": round(float(p95), 3),
        "p99_ms": round(float(p99), 3),
        "max_ms": round(float(took.max()), 3),
        "cpu_p50_ms": round(float(cpu50), 3),
        "cpu_p99_ms": round(float(cpu99), 3),
        "candidates": round(_mean(rows, "candidates") or 0.0, 1),
        "hits": round(_mean(rows, "hits") or 0.0, 2),
        "first": _mean(there, "first"),
        "recall": _mean(there, "found"),
        "false_hits": _mean(absent, "hit"),
        "false_links": _mean(absent, "linked"),
    }


def _mean(rows: Sequence[dict[str, Any]], name: str) -> float | None:
    """Return the mean of a figure; None where there are no rows."""
    return round(sum(row[name] for row in rows) / len(rows), 4) if rows else None
