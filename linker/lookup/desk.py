"""The desk: one published generation, opened to be asked, over and over and by several threads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linker.blocking.hashing import HASH_VERSION
from linker.blocking.index import rule_name
from linker.blocking.one_keys import KeyMaker
from linker.config import BlockingRule, Config
from linker.deconfliction.disclose import Viewer
from linker.deconfliction.index_keys import value_names
from linker.errors import AccessError, QueryError, StoreError
from linker.lookup.answer import Alert, Answer
from linker.lookup.candidates import search
from linker.lookup.entity_view import entity_view
from linker.lookup.query import read_question
from linker.lookup.question import Question
from linker.lookup.scoring import Scoring
from linker.lookup.shelf import Shelf
from linker.lookup.telling import tell
from linker.lookup.then import entities_at
from linker.lookup.why import why
from linker.model import read_model
from linker.schemas import EntityType
from linker.scoring.fit import refuse_missing_columns
from linker.store.generation import Generation, current_generation
from linker.store.layout import Store, open_store
from linker.store.lookup_index.index import LookupIndex
from linker.store.record_keys import RECORD


@dataclass(frozen=True)
class Told:
    """What a question brings about: what the asker is told, and what the owners of silent cases."""

    answer: Answer
    alerts: list[Alert]


class Desk:
    """A published generation that can be asked."""

    def __init__(self, config: Config, store: Store, generation: Generation) -> None:
        """Open a generation.

        Args:
            config: Holds the thresholds.
            store: Where the generation lies.
            generation: The one that is asked.

        Raises:
            StoreError: Another version of linker published it, or a file is missing or damaged.
            ModelError: Its model is damaged, or reads what mentions do not have.
        """
        self.config = config
        self.store = store
        self.generation = generation
        if generation.manifest.get("key_hash") != HASH_VERSION:
            raise StoreError(
                f"generation {generation.number} was published by another version of linker, whose "
                "blocking keys this one cannot read; run linker link"
            )
        self._shelves: Mapping[EntityType, Shelf] = {
            entity: _shelf(config, generation, entity) for entity in generation.entity_types
        }

    def warm(self) -> None:
        """Ask for what nobody has, so that the first question waits for no file."""
        for entity, shelf in self._shelves.items():
            shelf.index.warm()
            name = "full_name" if entity == "person" else "name"
            self.answer(Question(entity, {name: "Qqq Zzz"}), Viewer("requester"))

    def answer(self, question: Question, viewer: Viewer, today: dt.date | None = None) -> Told:
        """Find the entities that match a question, as a viewer may see them.

        Args:
            question: What is asked.
            viewer: Who asks.
            today: The day it is asked; an age counts back from it.

        Raises:
            AccessError: The viewer's role asks nothing.
            QueryError: The question names nothing that can be searched, or a value cannot be read.
            UsageError: Nothing had been published by the date asked for.
            StoreError: A file of the generation is missing or damaged.
        """
        refuse_who_may_not(viewer)
        shelf = self.shelf(question.entity_type)
        asked = read_question(question, today or _today())
        entities = entities_at(
            self.store, self.generation, shelf.index, question.entity_type, question.until
        )
        found = search(shelf, asked, entities, viewer)
        answer, alerts = tell(shelf, asked, found, entities)
        return Told(answer, alerts)

    def entity(self, entity_id: str, viewer: Viewer) -> dict[str, Any] | None:
        """Return an entity as a viewer may see it; None where it is as if it were not there.

        Returns:
            ``entity_id``, ``entity_type``, ``records`` (a list of ``source``, ``record_id``,
            ``kind``, ``agency``, ``unit`` and ``values``, which is None where the viewer may not
            see them, else canonical field: value), ``investigations`` (as in a `Hit`),
            ``generation``, ``as_of``.
        """
        return entity_view(self._shelves, self.generation, entity_id, viewer)

    def explain(
        self,
        question: Question,
        source: str,
        record_id: str,
        viewer: Viewer,
        today: dt.date | None = None,
    ) -> dict[str, Any]:
        """Say why a stated record does or does not match a question, and what would change it.

        Returns:
            ``verdict`` (CONFIRMED, PROBABLE, POSSIBLE or NO_MATCH), ``match_weight``,
            ``match_probability``, ``prior_weight``, ``needed`` (bits: review, link),
            ``rules_met`` (blocking rules whose key both share), ``evidence`` (as in a `Hit`),
            ``would_change`` (a list of ``comparison``, ``words``, ``weight_after``,
            ``verdict_after``), ``generation``, ``model``.

        Raises:
            AccessError: The viewer's role asks nothing.
            QueryError: The question cannot be read, or there is no such record that the viewer may
                see: the same words for both.
        """
        refuse_who_may_not(viewer)
        shelf = self.shelf(question.entity_type)
        asked = read_question(question, today or _today())
        return why(shelf, asked, (source, record_id), viewer)

    def shelf(self, entity_type: EntityType) -> Shelf:
        """Return what is open of an entity type.

        Raises:
            QueryError: The generation holds none.
        """
        if entity_type not in self._shelves:
            raise QueryError(f"no source of the published generation holds {entity_type} mentions")
        return self._shelves[entity_type]


class Desks:
    """The desk of whatever generation is published now; reopened when another one is.

    Who holds a desk may go on asking it: its files stay until the last one lets go.
    """

    def __init__(self, config: Config) -> None:
        """Open the published generation.

        Raises:
            StoreError: Nothing has been published yet, or it cannot be read.
        """
        self._config = config
        self._store = open_store(config.resolve(config.store.directory))
        self._current = self._opened(current_generation(self._store))

    @property
    def current(self) -> Desk:
        """The desk of the generation that was published when it was last looked at."""
        return self._current

    def refresh(self) -> bool:
        """Look whether another generation is published, open it, and tell whether that was so.

        Where it cannot be opened the old one stays, and the error is raised.

        Raises:
            StoreError: The pointer, or the generation it names, cannot be read.
        """
        published = current_generation(self._store)
        if published.number == self._current.generation.number:
            return False
        self._current = self._opened(published)
        return True

    def _opened(self, generation: Generation) -> Desk:
        desk = Desk(self._config, self._store, generation)
        desk.warm()
        return desk


def open_desk(config: Config) -> Desk:
    """Open the published generation, to be asked once.

    Raises:
        StoreError: Nothing has been published yet, or it cannot be read.
        ModelError: The published model is damaged, or reads what mentions do not have.
    """
    store = open_store(config.resolve(config.store.directory))
    return Desk(config, store, current_generation(store))


def _shelf(config: Config, generation: Generation, entity: EntityType) -> Shelf:
    manifest = generation.manifest
    in_use = read_model(generation.model_directory(entity), entity)
    refuse_missing_columns(in_use.model)
    expected = manifest.get("expected_records", {}).get(entity)
    if expected:
        in_use = in_use.for_records(expected)
    rules = [BlockingRule(name=rule["name"], key=rule["key"]) for rule in manifest["rules"][entity]]
    scoring = Scoring(in_use, generation.read(f"demoted_{entity}"))
    maker = KeyMaker(rules, entity)
    of_values, _ = value_names(entity)
    names = [*maker.names, *of_values, RECORD]
    held = generation.warehouse(entity)
    return Shelf(
        entity_type=entity,
        generation=generation,
        index=LookupIndex(held, scoring.scorer.layout, names),
        scoring=scoring,
        maker=maker,
        rules={rule.name: rule_name(rule) for rule in rules},
        thresholds=in_use.model.thresholds(config.settings_of(entity)),
    )


def refuse_who_may_not(viewer: Viewer) -> None:
    """Refuse a viewer whose role asks nothing.

    Raises:
        AccessError: It does not.
    """
    if not viewer.may_ask:
        raise AccessError(f"the role {viewer.role} asks nothing")


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
