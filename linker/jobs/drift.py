"""Drift: how far what is linked moved away from what the model in use was trained on."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from linker.config import Config
from linker.errors import ModelError, StoreError, UsageError
from linker.jobs.models import model_in_use, ships
from linker.judging.page import DRIFT, renew_page
from linker.model import ModelInUse
from linker.night.drift import Baseline, Drift, drift_of, other_weights
from linker.night.profile import PROFILE_FILE, Profile
from linker.night.profiling import profile_file
from linker.schemas import ENTITY_TYPES, EntityType
from linker.store.generation import Generation, current_generation
from linker.store.layout import Store, open_store, write_synced
from linker.store.publication import find_generation, states
from linker.training.smooth import rounded

_OTHER_MODEL: Final = (
    "the two generations were linked by other models, or for other numbers of records: levels are "
    "compared where both have them, weights and values not"
)


def drift(
    config: Config, entity_type: EntityType | None = None, since: int | None = None
) -> dict[str, Any]:
    """Return how far the published generation moved, and whether retraining is due: JSON values.

    Args:
        config: Names the store, the models in use and the limits.
        entity_type: Of which; of all that the generation holds unless given.
        since: Compare with this generation instead of the training data.

    Raises:
        UsageError: The generation holds no such records, or there is no generation `since`.
        StoreError: Nothing has been published, or a generation has no profile.
        ModelError: A model in use cannot be read.
    """
    store = open_store(config.resolve(config.store.directory))
    published = current_generation(store)
    held = [entity for entity in published.entity_types if entity in config.entity_types]
    if entity_type is not None and entity_type not in held:
        raise UsageError(f"generation {published.number} holds no records of {entity_type}")
    earlier = find_generation(store, since) if since is not None else None
    told = {
        entity: _of_entity(config, store, entity, published, earlier)
        for entity in ([entity_type] if entity_type else held)
    }
    return {
        "generation": published.number,
        "at": published.manifest["at"],
        "since": since,
        "entity_types": told,
        "due": any(values["due"] for values in told.values()),
    }


def keep(config: Config, found: dict[str, Any]) -> list[Path]:
    """Keep what `drift` found beside each model, and tell it on the model's page.

    Args:
        config: Names the models in use.
        found: What `drift` returned.

    Returns:
        The pages that were renewed; a model that ships keeps nothing.

    Raises:
        ModelError: A model's directory cannot be written.
    """
    pages = []
    for entity in ENTITY_TYPES:
        told = found["entity_types"].get(entity)
        _, directory = model_in_use(config, entity)
        if told is None or ships(directory):
            continue
        text = json.dumps({"generation": found["generation"], **told}, indent=1) + "\n"
        try:
            write_synced(directory / DRIFT, text)
        except OSError as error:
            reason = error.strerror or error
            raise ModelError(f"{directory / DRIFT}: cannot be written: {reason}") from None
        pages.append(renew_page(directory, entity))
    return pages


def _of_entity(
    config: Config,
    store: Store,
    entity: EntityType,
    published: Generation,
    earlier: Generation | None,
) -> dict[str, Any]:
    """Return what is told of one entity type."""
    in_use, directory = model_in_use(config, entity)
    now = _profile(published, entity)
    if earlier is not None:
        then: Profile | None = _profile(earlier, entity)
        alike = _scored_alike(published, earlier, entity)
        against, said = f"generation {earlier.number}", "" if alike else _OTHER_MODEL
    else:
        then = Profile.read(directory / PROFILE_FILE)
        against = f"the training data of {in_use.name}"
        settings = config.settings_of(entity)
        scored_by = published.manifest["models"][entity]
        said = other_weights(settings, scored_by, in_use)
        alike = not said
        if then is None:
            against = f"what {in_use.name} expects of its links"
            said = _without_profile(in_use, entity, shipped=ships(directory))
    baseline = Baseline(then, alike)
    found = _drift(config, now, baseline, in_use)
    notes = [said] if said else []
    if found.too_few:
        notes.append(
            f"{now.records:,} records are too few to train on "
            f"({entity}.training.min_records), so that retraining is not due"
        )
    trend = [
        _trend_line(config, generation, profile, baseline, in_use)
        for generation, profile in _on_disk(store, entity)
    ]
    return {
        "model": in_use.name,
        "against": against,
        "records": now.records,
        "links": now.links,
        "due": found.due,
        "reasons": list(found.reasons),
        "lines": [_as_values(asdict(line)) for line in found.lines],
        "trend": trend,
        "notes": notes,
    }


def _drift(config: Config, now: Profile, baseline: Baseline, in_use: ModelInUse) -> Drift:
    settings = config.settings_of(in_use.model.entity_type)
    return drift_of(now, baseline, in_use.model, settings, config.drift)


def _profile(generation: Generation, entity: EntityType) -> Profile:
    found = Profile.read(generation.directory / profile_file(entity))
    if found is None:
        raise StoreError(
            f"generation {generation.number} has no profile of {entity}: it was linked by a "
            "version of linker that recorded none; run linker link --full"
        )
    return found


def _on_disk(store: Store, entity: EntityType) -> list[tuple[Generation, Profile]]:
    """Return the generations that were published, and have a profile, the first one first."""
    found = []
    for number, state in sorted(states(store).items()):
        if state in ("published", "earlier"):
            generation = Generation(number, store.generation(number))
            profile = Profile.read(generation.directory / profile_file(entity))
            if profile is not None:
                found.append((generation, profile))
    return found


def _scored_alike(one: Generation, other: Generation, entity: EntityType) -> bool:
    """Return whether two generations were scored by one model with one prior."""
    return all(
        one.manifest[what].get(entity) == other.manifest[what].get(entity)
        for what in ("models", "expected_records")
    )


def _without_profile(in_use: ModelInUse, entity: EntityType, *, shipped: bool) -> str:
    """Return what is said of a model that has no profile."""
    why = (
        "it ships and was trained on invented records"
        if shipped
        else "a version of linker trained it that wrote none"
    )
    return (
        f"{in_use.name} has no {PROFILE_FILE}: {why}; levels are compared with what its m "
        "probabilities expect of links that lack the same fields, and fill rates, sources, weights "
        f"and values cannot be; train on this data for the rest (linker train --entity {entity}), "
        "or compare with an earlier generation (--since)"
    )


def _trend_line(
    config: Config,
    generation: Generation,
    profile: Profile,
    baseline: Baseline,
    in_use: ModelInUse,
) -> dict[str, Any]:
    """Return one generation's numbers beside the others'."""
    manifest = generation.manifest
    scored_by = manifest["models"][in_use.model.entity_type]
    alike = baseline.same_weights and scored_by == in_use.name
    lines = _drift(config, profile, Baseline(baseline.profile, alike), in_use).lines
    largest = {
        what: max((abs(line.change) for line in lines if line.what == what), default=None)
        for what in ("fill", "levels", "weights")
    }
    return _as_values(
        {
            "generation": generation.number,
            "at": manifest["at"],
            "model": scored_by,
            "records": profile.records,
            "links_per_record": profile.links / max(profile.records, 1),
            "fill_change": largest["fill"],
            "level_shift": largest["levels"],
            "weight_shift": largest["weights"],
            "beyond_limits": sum(line.state == "due" for line in lines),
        }
    )


def _as_values(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: rounded(value) if isinstance(value, float) else value
        for name, value in values.items()
    }
