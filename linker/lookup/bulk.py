"""Many questions at once: each answered as it would be alone, in a fraction of the time.

Questions are taken some at a time. Their candidates are packed together and scored by compiled
code, which leaves the interpreter to other threads, so that several such runs are worked through
side by side. What a run holds is bounded by `QUESTIONS_AT_ONCE` and by
`linker.lookup.candidates.MOST_SCORED`: 30 MB if every question had as many candidates and all of
them mattered. One run more than there are threads is held at a time, however many questions there
are.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final

from linker.compiled import thread_count
from linker.deconfliction.disclose import Viewer
from linker.errors import QueryError, UsageError
from linker.lookup.candidates import Met, compare, meet
from linker.lookup.desk import Desk, Told, refuse_who_may_not
from linker.lookup.query import Asked, read_question
from linker.lookup.question import Question
from linker.lookup.shelf import Shelf
from linker.lookup.telling import tell
from linker.lookup.then import Entities, entities_at
from linker.schemas import EntityType

QUESTIONS_AT_ONCE: Final = 64
"""Questions of a run."""

Refused = QueryError | UsageError
"""Why a question was not asked."""


@dataclass(frozen=True)
class Manner:
    """How many questions are asked.

    Attributes:
        viewer: Who asks.
        today: The day they are asked; an age counts back from it.
        whole: Whether hits come with their evidence and summary in words, and answers with alerts
            to the owners of silent investigations.
        threads: How many threads work; as many as there are processors if 0.
    """

    viewer: Viewer
    today: dt.date
    whole: bool = True
    threads: int = 0


def answer_many(
    desk: Desk,
    questions: Iterable[Question],
    viewer: Viewer,
    today: dt.date | None = None,
    threads: int = 0,
) -> list[Told | Refused]:
    """Answer many questions, each as `Desk.answer` answers it.

    Args:
        desk: Where they are asked.
        questions: What is asked.
        viewer: Who asks.
        today: The day it is asked; an age counts back from it.
        threads: How many threads work; as many as there are processors if 0.

    Returns:
        For each question what it brings about, or why it cannot be answered, in their order.

    Raises:
        AccessError: The viewer's role asks nothing.
        StoreError: A file of the generation is missing or damaged.
    """
    manner = Manner(viewer, today or dt.datetime.now(dt.UTC).date(), threads=threads)
    return list(answers(desk, questions, manner))


def answers(desk: Desk, questions: Iterable[Question], manner: Manner) -> Iterator[Told | Refused]:
    """Answer many questions; answers come in their order, questions are taken as they are needed.

    Args:
        desk: Where they are asked.
        questions: What is asked.
        manner: How.

    Yields:
        For each question what it brings about, or why it cannot be answered.

    Raises:
        AccessError: The viewer's role asks nothing.
        StoreError: A file of the generation is missing or damaged.
    """
    refuse_who_may_not(manner.viewer)
    threads = thread_count(manner.threads)
    told = _Then(desk)
    waiting: deque[Future[list[Told | Refused]]] = deque()
    rest = iter(questions)
    pool = ThreadPoolExecutor(threads)
    try:
        while some := list(islice(rest, QUESTIONS_AT_ONCE)):
            run = [(question, told.entities(question)) for question in some]
            waiting.append(pool.submit(_answered, desk, run, manner))
            if len(waiting) > threads:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


class _Then:
    """The entities that questions are about, looked up once for each date that is asked for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[tuple[EntityType, str | None], Entities | Refused] = {}

    def entities(self, question: Question) -> Entities | Refused:
        asked = question.entity_type, question.until
        if asked not in self._known:
            self._known[asked] = self._entities(*asked)
        return self._known[asked]

    def _entities(self, entity_type: EntityType, until: str | None) -> Entities | Refused:
        desk = self._desk
        try:
            index = desk.shelf(entity_type).index
            return entities_at(desk.store, desk.generation, index, entity_type, until)
        except (QueryError, UsageError) as error:
            return error.with_traceback(None)


@dataclass(frozen=True)
class _Read:
    """A question of a run that was read, and its place in the run."""

    place: int
    asked: Asked
    entities: Entities


def _answered(
    desk: Desk, run: Sequence[tuple[Question, Entities | Refused]], manner: Manner
) -> list[Told | Refused]:
    """Answer the questions of a run."""
    found: dict[int, Told | Refused] = {}
    read: dict[EntityType, list[_Read]] = {}
    for place, (question, entities) in enumerate(run):
        try:
            desk.shelf(question.entity_type)
            asked = read_question(question, manner.today)
            if not isinstance(entities, Entities):
                raise entities
        except (QueryError, UsageError) as error:  # without its frames, which hold the whole run
            found[place] = error.with_traceback(None)
        else:
            read.setdefault(question.entity_type, []).append(_Read(place, asked, entities))
    for entity_type, some in read.items():
        shelf = desk.shelf(entity_type)
        told = _told(shelf, some, manner)
        found |= {one.place: each for one, each in zip(some, told, strict=True)}
    return [found[place] for place in range(len(run))]


def _told(shelf: Shelf, read: Sequence[_Read], manner: Manner) -> Iterator[Told | Refused]:
    """Answer questions about one entity type."""
    asked, entities = [one.asked for one in read], [one.entities for one in read]
    met = meet(shelf, asked, entities, manner.viewer, alerts=manner.whole)
    searched = iter(compare(shelf, [one for one in met if isinstance(one, Met)]))
    for one, found in zip(read, met, strict=True):
        if isinstance(found, QueryError):
            yield found
        else:
            yield Told(*tell(shelf, one.asked, next(searched), one.entities, whole=manner.whole))
