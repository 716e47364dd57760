"""Naming another model in a configuration file, and saying so in the registry's log."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from linker.config import Config, load_config
from linker.config.rewrite import with_model
from linker.errors import ConfigError, LinkerError
from linker.jobs.model_named import registry_of
from linker.schemas import EntityType
from linker.store.layout import aside, take_place
from linker.training.registry_log import RegistryAct, append_act

_MARK: Final = "\ufeff"


@dataclass(frozen=True)
class ModelChange:
    """Which model is in use by hand, instead of which, and what was said of it.

    Attributes:
        entity_type: Of which.
        act: The line of the log.
        notes: What a reader has to know, a sentence each.
        dry_run: Whether nothing was done.
    """

    entity_type: EntityType
    act: RegistryAct
    notes: tuple[str, ...] = ()
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "entity_type": self.entity_type,
            **self.act.model_dump(mode="json"),
            "notes": list(self.notes),
            "dry_run": self.dry_run,
        }


def config_name(config: Config, path: Path) -> str:
    """Return how the log calls a configuration file: from the directory its paths start at."""
    whole = path.resolve()
    base = config.base.resolve()
    return whole.relative_to(base).as_posix() if base in whole.parents else whole.name


def undone_text(act: RegistryAct, entity_type: EntityType) -> str:
    """Return the sentence about a last act that the configuration does not show."""
    return (
        f"the last {act.what} of the log ({act.at}, to {act.version}) is not what {entity_type}."
        "model says: it was interrupted, or the file was changed by hand since"
    )


def refuse_unwritable(path: Path) -> None:
    """Refuse a configuration file that must not be changed.

    Raises:
        ConfigError: It is read-only, or it cannot be written.
    """
    whole = path.resolve()
    mode = whole.stat().st_mode
    writable = mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    if not writable or not os.access(whole, os.W_OK) or not os.access(whole.parent, os.W_OK):
        raise ConfigError(
            f"{path}: cannot be written; make the file and its directory writable, or set the "
            "model there by hand"
        )


def put_in_use(path: Path, config: Config, entity_type: EntityType, act: RegistryAct) -> None:
    """Write the act into the log, then name the model in the configuration; hold the lock.

    The new file is written aside, read back as a configuration and synced before the log says
    anything; then comes the log, and last the rename. Killed in between, the configuration is as
    it was, and `linker.training.registry_log.state_of` tells that the act was not done.

    Args:
        path: The configuration file.
        config: What it holds.
        entity_type: Whose model.
        act: What is done.

    Raises:
        ConfigError: The file cannot be changed or written; it is as it was, and so is the log.
        ModelError: The log cannot be written; the configuration is as it was.
    """
    whole = path.resolve()  # what a symbolic link points at, which stays one
    mark, text = _text_of(path)
    try:
        new = mark + with_model(text, entity_type, act.setting)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None
    try:
        _write_like(whole, new)
        _refuse_other(path, aside(whole), entity_type, act.setting)
        append_act(registry_of(config), entity_type, act)
        take_place(whole)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be written: {(error.strerror or str(error)).lower()}; it is as it was"
        ) from None
    finally:
        aside(whole).unlink(missing_ok=True)  # gone already where all went well


def _text_of(path: Path) -> tuple[str, str]:
    """Return the mark of UTF-8 that editors on Windows write, or nothing, and the text."""
    try:
        text = path.read_bytes().decode()
        return text[: text.startswith(_MARK)], text.removeprefix(_MARK)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {type(error).__name__}") from None


def _write_like(path: Path, text: str) -> None:
    """Write a file's new text beside it, synced, for nobody's eyes that may not see the file."""
    facts = path.stat()
    new = aside(path)
    new.unlink(missing_ok=True)  # what a killed command left
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        if os.geteuid() == 0:
            os.fchown(handle.fileno(), facts.st_uid, facts.st_gid)
        os.fchmod(handle.fileno(), stat.S_IMODE(facts.st_mode))
        handle.write(text.encode())
        handle.flush()
        os.fsync(handle.fileno())


def _refuse_other(path: Path, new: Path, entity_type: EntityType, setting: str | None) -> None:
    """Read the changed file back: it must load, and name the model."""
    try:
        named = load_config(new).settings_of(entity_type).model
    except LinkerError as error:
        raise ConfigError(f"{path}: would be no configuration any more: {error}") from None
    if named != setting:
        raise ConfigError(f"{path}: cannot be changed; set {entity_type}.model by hand")
