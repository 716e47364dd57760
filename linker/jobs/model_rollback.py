"""Roll back a model: the one that was in use before the last promotion is in use again."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from linker.config import Config, load_config
from linker.errors import LinkerError, ModelError, UsageError
from linker.jobs.model_change import (
    ModelChange,
    config_name,
    put_in_use,
    refuse_unwritable,
    undone_text,
)
from linker.jobs.model_named import registry_of
from linker.jobs.models import model_in_use
from linker.model import ModelInUse
from linker.schemas import EntityType
from linker.store.journal import author_of, now
from linker.training.registry_log import RegistryAct, read_acts, registry_lock, state_of
from linker.training.versions import damage


def roll_back_model(
    path: Path,
    entity_type: EntityType,
    why: str | None,
    *,
    by: str | None = None,
    dry_run: bool = False,
) -> ModelChange:
    """Name the model again that was in use before the last promotion.

    Args:
        path: The configuration file.
        entity_type: Whose model.
        why: What the log says of it.
        by: Who does it; the user of the operating system unless given.
        dry_run: Only tell what would be done.

    Raises:
        UsageError: The model in use was put in use by no promotion, or no reason is given.
        ModelError: The model of before is gone, damaged, or not what it was.
        ConfigError: The configuration cannot be used or written.
    """
    config = load_config(path)
    if not dry_run:
        refuse_unwritable(path)
        if not (why and why.strip()):
            raise UsageError("say why, for the log: --why TEXT")
    with nullcontext() if dry_run else registry_lock(registry_of(config)):
        config = load_config(path)  # another command may just have changed it
        setting = config.settings_of(entity_type).model
        name = config_name(config, path)
        promoted = _last_promotion(config, entity_type, name)
        target = _model_of_before(config, entity_type, promoted)
        act = RegistryAct(
            at=now(),
            who=author_of(by),
            what="rollback",
            version=target.name,
            instead_of=_name_in_use(config, entity_type),
            why=(why or "").strip(),
            forced=False,
            reasons=(),
            config=name,
            setting=promoted.instead_of_setting,
            instead_of_setting=setting,
        )
        if not dry_run:
            put_in_use(path, config, entity_type, act)
    return ModelChange(entity_type, act, dry_run=dry_run)


def _last_promotion(config: Config, entity_type: EntityType, name: str) -> RegistryAct:
    setting = config.settings_of(entity_type).model
    state = state_of(read_acts(registry_of(config), entity_type), name, setting)
    if state.undone:
        raise UsageError(
            f"{undone_text(state.undone, entity_type)}; linker promote VERSION says which model "
            "to use"
        )
    if state.promoted is None:
        raise UsageError(
            f"the model of {entity_type} in use was put in use by no linker promote, so there is "
            "none to go back to; linker promote VERSION says which model to use"
        )
    return state.promoted


def _model_of_before(config: Config, entity_type: EntityType, promoted: RegistryAct) -> ModelInUse:
    """Read the model that a promotion replaced; it must be what it was."""
    setting = promoted.instead_of_setting
    settings = config.settings_of(entity_type).model_copy(update={"model": setting})
    earlier = config.model_copy(update={entity_type: settings}).based_at(config.base)
    found, directory = model_in_use(earlier, entity_type)
    wrong = damage(directory)
    if promoted.instead_of and found.name != promoted.instead_of:
        wrong.append(f"it was {promoted.instead_of} then and is {found.name} now")
    if wrong:
        raise ModelError(
            f"{directory}: is not the model that was in use before: {'; '.join(wrong)}; restore it "
            "from a backup, or linker promote another version"
        )
    return found


def _name_in_use(config: Config, entity_type: EntityType) -> str | None:
    """Return the model that is rolled back from; it may be why, so that it need not be whole."""
    try:
        return model_in_use(config, entity_type)[0].name
    except LinkerError:
        return None
