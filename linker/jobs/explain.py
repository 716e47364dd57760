"""The recipe of an explanation: why does a record match a question, or why does it not?"""

from __future__ import annotations

from typing import Any

from linker.config import Config
from linker.deconfliction.disclose import REQUESTER, Viewer
from linker.errors import UsageError
from linker.lookup.desk import open_desk
from linker.lookup.question import Question


def explain(
    config: Config, question: Question, record: str, viewer: Viewer = REQUESTER
) -> dict[str, Any]:
    """Say why a stated record does or does not match a question, and what would change it.

    Args:
        config: Names the store and holds the thresholds.
        question: What is asked.
        record: Source and record id, as in ``cases/17``.
        viewer: Who asks.

    Returns:
        What `linker.lookup.desk.Desk.explain` does.

    Raises:
        UsageError: The record is not named so.
        QueryError: The question cannot be read, or there is no such record that the viewer may see.
        StoreError: Nothing has been published yet, or by another version of linker.
        ModelError: The published model is damaged, or reads what mentions do not have.
    """
    source, slash, record_id = record.partition("/")
    if not (source and slash and record_id):
        raise UsageError("--explain names a record by its source and record id: SOURCE/RECORD_ID")
    return open_desk(config).explain(question, source, record_id, viewer)
