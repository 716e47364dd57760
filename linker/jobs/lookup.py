"""The lookup recipe: has this person or organization been investigated before?"""

from __future__ import annotations

from linker.config import Config
from linker.deconfliction.disclose import REQUESTER, Viewer
from linker.lookup.answer import Answer
from linker.lookup.desk import open_desk
from linker.lookup.question import Question


def lookup(config: Config, question: Question, viewer: Viewer = REQUESTER) -> Answer:
    """Find the entities of the published generation that match a question.

    Reading, keys, candidates, weights, entities, classes and what may be shown are in
    `linker.lookup`; an entity is never changed.

    Args:
        config: Names the store and holds the thresholds.
        question: What is asked.
        viewer: Who asks.

    Raises:
        UsageError: Nothing had been published by the date asked for.
        QueryError: The query names nothing that can be searched, or a value cannot be read.
        StoreError: Nothing has been published yet, or by another version of linker.
        ModelError: The published model is damaged, or reads what mentions do not have.
    """
    return open_desk(config).answer(question, viewer).answer
