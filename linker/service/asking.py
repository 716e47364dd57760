"""The one counter at which everything is asked: may they, find it, write it down, then tell.

JSON routes and pages both come here, so that whoever asks, and however, the same is shown and the
same is remembered. What is shown is decided by `linker.deconfliction.disclose`, never here.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from http import HTTPStatus
from typing import Any, Final, cast

from linker.access import Act, Identity, require
from linker.audit import Event, Kind, Shown
from linker.errors import AccessError, LinkerError, QueryError, UsageError
from linker.lookup.answer import Alert, Answer
from linker.lookup.bulk import QUESTIONS_AT_ONCE, answer_many
from linker.lookup.desk import Desk, Told
from linker.lookup.question import Question
from linker.service.door.logs import log_error
from linker.service.door.padding import leaves_at
from linker.service.door.visit import Visit
from linker.service.opened import Opened
from linker.service.past import past_of, sees_everything
from linker.service.problems import Problem, not_found, problem_of, unavailable
from linker.service.shown import shown_in_answer, shown_in_entity, shown_in_history
from linker.service.state import state_of

QUESTIONS_A_STEP: Final = 8
"""So many queries of one bulk are given a step of time."""


@dataclass(frozen=True)
class Asking:
    """Someone who asks: by which request, and what for.

    Attributes:
        opened: What the worker holds open.
        visit: The request.
        purpose: In the asker's words.
        case_number: The asker's.
    """

    opened: Opened
    visit: Visit
    purpose: str | None = None
    case_number: str | None = None

    @property
    def identity(self) -> Identity:
        """Who asks: the door has let nobody in whom it does not know."""
        return cast("Identity", self.visit.identity)

    def because(self, purpose: str, case_number: str) -> Asking:
        """Return the same asker with what they ask for."""
        return replace(self, purpose=purpose, case_number=case_number)

    async def may(self, act: Act) -> None:
        """Refuse who may not do something, and write down that they tried.

        Raises:
            AccessError: They may not.
            AuditError: It could not be written down.
        """
        try:
            require(self.identity.role, act)
        except AccessError as error:
            await self.remember(self.event("denied", detail=str(error)))
            raise

    def event(self, kind: Kind, **more: Any) -> Event:  # noqa: ANN401 - attributes of an event
        """Return an event of this asker."""
        return Event(
            kind,
            self.identity.who,
            purpose=self.purpose,
            case_number=self.case_number,
            client=self.visit.client,
            **more,
        )

    async def remember(self, event: Event) -> None:
        """Write an event down; it is on the disk when this returns.

        Raises:
            AuditError: It could not be.
        """
        await self.opened.remembering.record([event])

    async def look_up(self, question: Question) -> Answer:
        """Answer a question.

        Raises:
            Problem: The asker may not ask, or the question cannot be answered.
            LinkerError: The store or the log cannot be used.
        """
        await self.may("lookup")
        desk = self.opened.desks.current
        answered = await self._answered(desk, question, "lookup")
        await self.remember(answered.event)
        self.opened.alert_soon(answered.event, answered.alerts)
        result = self._counted(answered)
        if isinstance(result, Problem):
            raise result
        return result

    async def look_up_many(self, questions: Sequence[Question]) -> list[Answer | Problem]:
        """Answer several questions, each with an answer or a problem, in their order.

        They are asked some at a time, and what some of them were told is taken for whole steps of
        time: many copies of a question must not tell by their sum what one does not.

        Raises:
            Problem: The asker may not ask.
            LinkerError: The log cannot be used.
        """
        await self.may("bulk")
        desk = self.opened.desks.current
        loop = asyncio.get_running_loop()
        step = self.opened.config.service.answer_milliseconds / 1000
        answered: list[_Answered] = []
        for first in range(0, len(questions), QUESTIONS_AT_ONCE):
            some = questions[first : first + QUESTIONS_AT_ONCE]
            began = loop.time()
            answered += await self._answered_together(desk, some)
            waits = step * math.ceil(len(some) / QUESTIONS_A_STEP)
            await asyncio.sleep(leaves_at(began, loop.time(), waits) - loop.time())
        await self.opened.remembering.record([each.event for each in answered])
        met: dict[tuple[object, ...], tuple[Event, Alert]] = {}
        for each in answered:
            for alert in each.alerts:
                met.setdefault(astuple(alert), (each.event, alert))
        for event, alert in met.values():  # each investigation once, however often it was met
            self.opened.alert_soon(event, [alert])
        return [self._counted(each) for each in answered]

    async def explain(self, question: Question, source: str, record_id: str) -> dict[str, Any]:
        """Say why a record does or does not match a question.

        Raises:
            Problem: The asker may not ask, or there is no such record that they may see.
            LinkerError: The store or the log cannot be used.
        """
        await self.may("explain")
        desk = self.opened.desks.current
        event = self._about("explanation", desk, question)
        try:
            told = await self.opened.think(
                lambda: desk.explain(question, source, record_id, self.identity.viewer)
            )
        except (QueryError, UsageError) as error:
            await self.remember(replace(event, detail="not answered"))
            raise problem_of(error) from None
        await self.remember(replace(event, shown=Shown(told["verdict"]), model=told.get("model")))
        return told

    async def entity(self, entity_id: str) -> dict[str, Any]:
        """Return an entity as the asker may see it.

        Raises:
            Problem: The asker may not ask, or there is no such entity for them.
            LinkerError: The store or the log cannot be used.
        """
        await self.may("entity")
        desk = self.opened.desks.current
        found = await self.opened.think(lambda: desk.entity(entity_id, self.identity.viewer))
        await self._show("entity", desk, shown_in_entity(found) if found else None)
        if found is None:
            raise not_found()
        return found

    async def run_report(self) -> bytes:
        """Return the page of the run that made the published generation.

        It tells which units meet, silent investigations included: it is for those who may know of
        all of them.

        Raises:
            AccessError: The asker may not.
            AuditError: The log cannot be used.
            Problem: The page is not there.
        """
        await self.may("status")
        if not sees_everything(self.identity.viewer):
            refusal = AccessError(f"the role {self.identity.role} may not see the run report")
            await self.remember(self.event("denied", detail=str(refusal)))
            raise refusal
        generation = self.opened.desks.current.generation
        await self.remember(self.event("status", generation=generation.number, detail="run report"))
        try:
            return await self.opened.read((generation.directory / "report.html").read_bytes)
        except OSError:
            raise unavailable() from None

    async def state(self) -> dict[str, Any]:
        """Return what is published: its age, its models, counts and sources.

        Raises:
            AccessError: The asker may not.
            AuditError: The log cannot be used.
        """
        await self.may("status")
        generation = self.opened.desks.current.generation
        await self.remember(self.event("status", generation=generation.number))
        return state_of(generation)

    async def history(self, entity_id: str) -> dict[str, Any]:
        """Return what happened to an entity, as far as the asker may know.

        Raises:
            Problem: The asker may not ask, or there is no such entity for them.
            LinkerError: The store or the log cannot be used.
        """
        await self.may("history")
        desk = self.opened.desks.current
        found = await self.opened.think(
            lambda: past_of(self.opened.config, desk, entity_id, self.identity.viewer)
        )
        await self._show("history", desk, shown_in_history(found) if found else None)
        if found is None:
            raise not_found()
        return found

    async def _show(self, kind: Kind, desk: Desk, shown: Shown | None) -> None:
        event = self.event(kind, generation=desk.generation.number)
        told = replace(event, shown=shown) if shown else replace(event, detail="not found")
        await self.remember(told)

    async def _answered(self, desk: Desk, question: Question, kind: Kind) -> _Answered:
        event, began = self._about(kind, desk, question), time.perf_counter()
        try:
            told = await self.opened.think(lambda: desk.answer(question, self.identity.viewer))
        except LinkerError as error:
            return self._refused(event, error)
        return self._told(event, told, 1000 * (time.perf_counter() - began))

    async def _answered_together(
        self, desk: Desk, questions: Sequence[Question]
    ) -> Sequence[_Answered]:
        """Answer some questions of a bulk, each as it would be answered alone."""
        events = [self._about("bulk", desk, question) for question in questions]
        began, viewer = time.perf_counter(), self.identity.viewer
        try:
            found = await self.opened.think_in_bulk(
                lambda: answer_many(desk, questions, viewer, threads=1)
            )
        except LinkerError as error:
            return [self._refused(event, error) for event in events]
        spent = 1000 * (time.perf_counter() - began) / len(questions)
        return [
            self._told(event, told, spent) if isinstance(told, Told) else self._refused(event, told)
            for event, told in zip(events, found, strict=True)
        ]

    def _refused(self, event: Event, error: LinkerError) -> _Answered:
        problem = problem_of(error)
        if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
            log_error("not answered", error, request=self.visit.request_id)
        return _Answered(replace(event, detail="not answered"), problem)

    def _told(self, event: Event, told: Told, milliseconds: float) -> _Answered:
        shown, model = shown_in_answer(told.answer), told.answer.model
        told_of = replace(event, shown=shown, model=model, milliseconds=milliseconds)
        return _Answered(told_of, told.answer, told.alerts)

    def _counted(self, answered: _Answered) -> Answer | Problem:
        if isinstance(answered.result, Answer):
            self.visit.told.append(answered.result.outcome)
        return answered.result

    def _about(self, kind: Kind, desk: Desk, question: Question) -> Event:
        return self.event(
            kind,
            entity_type=question.entity_type,
            asked=question.fields,
            generation=desk.generation.number,
        )


@dataclass(frozen=True)
class _Answered:
    """A question that was asked: what is written down of it, its answer, and whom it concerns."""

    event: Event
    result: Answer | Problem
    alerts: Sequence[Alert] = ()
