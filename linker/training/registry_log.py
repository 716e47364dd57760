"""The registry's log: which model was put in use when, by whom, instead of which, and why.

``<registry>/<entity type>/log.jsonl`` has a line for each act. A line is synced before the
configuration is changed, as the journal is written before the pointer moves: no model is in use by
``linker promote`` that the log does not tell of. Where a command is killed between the two, the
configuration still names what the last act was to replace, and `state_of` says so.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from linker.errors import ModelError
from linker.schemas import EntityType
from linker.store.layout import sync_directory

LOG: Final = "log.jsonl"
LOCK: Final = "lock"


class RegistryAct(BaseModel):
    """One line of the log.

    Attributes:
        at: When, ISO 8601, UTC.
        who: By whom.
        what: promote or rollback.
        version: The model put in use, `linker.model.ModelInUse.name`.
        instead_of: The one in use until then; None where it could not be read.
        why: In the words of who did it.
        forced: Whether it was put in use in spite of reasons against it.
        reasons: These.
        config: The configuration that was changed, from the directory its paths start at.
        setting: What it names since; None is the shipped model.
        instead_of_setting: What it named before.
        judged: What the two were compared by, and their figures; None where by nothing.
    """

    model_config = ConfigDict(frozen=True)

    at: str
    who: str
    what: Literal["promote", "rollback"]
    version: str
    instead_of: str | None
    why: str
    forced: bool
    reasons: tuple[str, ...]
    config: str
    setting: str | None
    instead_of_setting: str | None
    judged: dict[str, Any] | None = None


@dataclass(frozen=True)
class State:
    """What a log says of what a configuration names.

    Attributes:
        promoted: The act that the model in use is in use by; None where it is by none.
        undone: The last act, where the configuration does not name what it was to name: it was
            interrupted, or the configuration was changed by hand since.
    """

    promoted: RegistryAct | None
    undone: RegistryAct | None


@contextmanager
def registry_lock(registry: Path) -> Iterator[None]:
    """Hold the registry's lock, so that one command at a time changes which model is in use.

    Raises:
        ModelError: Another command holds it, or the registry cannot be written.
    """
    try:
        registry.mkdir(parents=True, exist_ok=True)
        handle = (registry / LOCK).open("w")
    except OSError as error:
        raise _unwritable(registry, error) from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ModelError(
                f"{registry}: another command is changing which model is in use; wait for it to end"
            ) from None
        yield


def append_act(registry: Path, entity_type: EntityType, act: RegistryAct) -> None:
    """Add a line to the log of an entity type, synced; the lock must be held.

    Raises:
        ModelError: The log cannot be written; nothing was added.
    """
    directory = registry / entity_type
    path = directory / LOG
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as handle:
            end = handle.seek(0, os.SEEK_END)
            handle.seek(max(end - 1, 0))
            torn = end > 0 and handle.read(1) != b"\n"  # of a command killed while it wrote
            handle.write(b"\n" * torn + act.model_dump_json().encode() + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
        for parent in (directory, registry):
            sync_directory(parent)
    except OSError as error:
        raise _unwritable(path, error) from None


def read_acts(registry: Path, entity_type: EntityType) -> list[RegistryAct]:
    """Return the acts of an entity type, the oldest first.

    A line that a killed command did not finish is no act: nothing was changed by it.

    Raises:
        ModelError: The log cannot be read, or a line of it is damaged.
    """
    path = registry / entity_type / LOG
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror or error}") from None
    acts = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            acts.append(RegistryAct.model_validate_json(line))
        except ValidationError:
            if not _is_torn(line):
                raise ModelError(
                    f"{path}: line {number} is damaged; restore the log from a backup"
                ) from None
    return acts


def _is_torn(line: bytes) -> bool:
    """Tell a line whose end is missing, as a killed command leaves it, from one that is wrong."""
    return line.startswith(b"{") and not line.endswith(b"}")


def state_of(acts: Sequence[RegistryAct], config: str, setting: str | None) -> State:
    """Return by which act what a configuration names is in use.

    Args:
        acts: The oldest first.
        config: Whose acts count; a registry may serve several configurations.
        setting: What it names; None where it names none.
    """
    standing: list[RegistryAct] = []
    own = [act for act in acts if act.config == config]
    then_named = [*(act.instead_of_setting for act in own), setting][1:]
    for act, then in zip(own, then_named, strict=True):
        if then != act.setting and then == act.instead_of_setting:
            continue  # the configuration was never changed
        if act.what == "promote":
            standing.append(act)
        elif standing:
            standing.pop()
    undone = own[-1] if own and own[-1].setting != setting else None
    in_use = [act for act in standing[-1:] if act.setting == setting]
    return State(in_use[0] if in_use else None, undone)


def _unwritable(path: Path, error: OSError) -> ModelError:
    return ModelError(
        f"{path}: cannot be written: {(error.strerror or str(error)).lower()}; nothing was changed"
    )
