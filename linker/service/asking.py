"""The one counter at which everything is asked: may they, find it, write it down, then tell.

JSON routes and pages both come here, so that whoever asks, and however, the same is shown and the
same is remembered. What is shown is decided by `linker.deconfliction.disclose`, never here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from http import HTTPStatus
from typing import Any, Final, cast

from linker.access import Act, Identity, require
from linker.audit import Event, Kind, Shown
from linker.errors import AccessError, LinkerError, QueryError, UsageError
from linker.lookup.answer import Alert, Answer
from linker.lookup.desk import Desk
from linker.lookup.question import Question
from linker.service.door.logs import log_error
from linker.service.door.padding import leaves_at
from linker.service.door.visit import Visit
from linker.service.opened import Opened
from linker.service.past import past_of, sees_everything
from linker.service.problems import Problem, not_found, problem_of, unavailable
from linker.service.shown import shown_in_answer, shown_in_entity, shown_in_history
from linker.service.state import state_of

LANES: Final = 8
"""So many queries of one bulk are asked at a time."""


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

        A question's place in a lane is taken for whole steps of time, as a single one's would be:
        many copies of a question must not tell by their sum what one does not.

        Raises:
            Problem: The asker may not ask.
            LinkerError: The log cannot be used.
        """
        await self.may("bulk")
        desk = self.opened.desks.current
        loop = asyncio.get_running_loop()
        step = self.opened.config.service.answer_milliseconds / 1000
        waiting = list(enumerate(questions))[::-1]
        found: dict[int, _Answered] = {}

        async def lane() -> None:
            while waiting:
                place, question = waiting.pop()
                began = loop.time()
                found[place] = await self._answered(desk, question, "bulk")
                await asyncio.sleep(leaves_at(began, loop.time(), step) - loop.time())

        async with asyncio.TaskGroup() as lanes:
            for _ in range(min(LANES, len(questions))):
                lanes.create_task(lane())
        answered = [found[place] for place in range(len(questions))]
        events = [each.event for each in answered]
        await self.opened.remembering.record(events)
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
            think = self.opened.think_in_bulk if kind == "bulk" else self.opened.think
            told = await think(lambda: desk.answer(question, self.identity.viewer))
        except LinkerError as error:
            problem = problem_of(error)
            if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
                log_error("not answered", error, request=self.visit.request_id)
            return _Answered(replace(event, detail="not answered"), problem)
        shown, model = shown_in_answer(told.answer), told.answer.model
        spent = 1000 * (time.perf_counter() - began)
        told_of = replace(event, shown=shown, model=model, milliseconds=spent)
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
