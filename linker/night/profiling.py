"""The profile of what a run links: mentions are sampled by row, pairs are counted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from linker.compiled import thread_count
from linker.deconfliction.demotion import without_demoted
from linker.model import ModelInUse
from linker.night.drift import drift_warnings
from linker.night.linked import Linked, Run
from linker.night.profile import (
    Profile,
    Seen,
    profile_columns,
    profile_from,
    sample_by_source,
    sample_of_links,
)
from linker.night.records import keys_by_number
from linker.schemas import EntityType
from linker.scoring.scorer import scorer_of


def profile_file(entity_type: EntityType) -> str:
    """Return the name of the file of a generation that holds the profile of an entity type."""
    return f"profile_{entity_type}.json"


def record_profiles(
    run: Run, linked: Mapping[EntityType, Linked], models: Mapping[EntityType, ModelInUse]
) -> list[str]:
    """Write the profile of each entity type into the generation being built.

    Args:
        run: The run.
        linked: What each entity type became.
        models: What each was scored with; their files are in the generation already.

    Returns:
        A sentence for each model that is due for retraining.

    Raises:
        OSError: The disk is full, or cannot be written.
    """
    building, said = run.store.building, []
    for entity, done in linked.items():
        found = warehouse_profile(run, done, models[entity])
        (building / profile_file(entity)).write_text(found.as_json(), encoding="utf-8")
        directory, settings = building / "models" / entity, run.settings(entity)
        said += drift_warnings(found, directory, done.model, settings, run.config.drift)
    return said


def warehouse_profile(run: Run, done: Linked, in_use: ModelInUse) -> Profile:
    """Return the profile of all that a generation holds of an entity type.

    Args:
        run: The run.
        done: What the entity type became.
        in_use: What it was scored with.
    """
    held, settings = done.held, run.settings(done.held.entity_type)
    keys = keys_by_number(held)
    names = sorted({name for segment in held.segments for name in segment.about["sources"]})
    of_source = {name: held.of_source(name) for name in names}
    by_source = {name: numbers for name, numbers in of_source.items() if len(numbers)}
    columns = ["source", *profile_columns(settings, held.entity_type)]
    chosen = sample_by_source(keys, by_source)
    rows = without_demoted(held.rows(chosen, columns), done.demoted)
    pairs = held.pairs(["mention_l", "mention_r", "match_weight", "link"], uncut=True)
    links = pairs.filter("link")
    left, right = (links[name].to_numpy() for name in ("mention_l", "mention_r"))
    sample = sample_of_links(keys, left, right)
    numbers, places = np.unique(np.concatenate([left[sample], right[sample]]), return_inverse=True)
    packed = None
    if len(numbers):
        scorer = scorer_of(in_use)
        threads = thread_count(run.config.link.threads)
        packed = scorer.packed(held.features(numbers, scorer.layout, threads))
    ends = places.reshape(2, -1)
    seen = Seen(
        records=held.height,
        total=held.height,
        sources={name: len(numbers) for name, numbers in by_source.items()},
        rows=rows.select(columns),
        weights=pairs["match_weight"],
        links=links.height,
        packed=packed,
        ends=(ends[0], ends[1]),
        in_training=False,
    )
    return profile_from(seen, in_use, settings)
