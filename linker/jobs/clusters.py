"""Scored pairs to entities: clusters that hold, identities that persist, the ledger's rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from linker.config import Config
from linker.entities.cluster import cluster
from linker.entities.contradictions import holding_kinds
from linker.entities.hold import hold, reading
from linker.entities.identity import MEMBERSHIP, identify
from linker.entities.ledger import RunStamp, cut_events, named_cuts
from linker.entities.regroup import Rules
from linker.jobs.matching import Matched, links_within
from linker.model import weight_of
from linker.schemas import CUTS, MENTIONS, EntityType, empty
from linker.store.generation import Generation
from linker.store.mention_table import MentionTable


@dataclass(frozen=True)
class Clustered:
    """The entities of one entity type.

    Attributes:
        labels: The cluster of each mention: its smallest mention.
        matched: What matching gave, without the links between clusters.
        membership: `linker.entities.identity.MEMBERSHIP` of each mention.
        next_serial: The next free serial number of an entity.
        ledger: What happened, schema `LEDGER`.
        cuts: Schema `CUTS`.
    """

    labels: np.ndarray[tuple[int], np.dtype[np.int64]]
    matched: Matched
    membership: pl.DataFrame
    next_serial: int
    ledger: pl.DataFrame
    cuts: pl.DataFrame


def cluster_mentions(
    mentions: MentionTable,
    matched: Matched,
    config: Config,
    before: Generation | None,
    seed: int,
    stamp: RunStamp,
) -> Clustered:
    """Cluster the mentions of one entity type, and carry over yesterday's identities.

    Args:
        mentions: Those of the entity type.
        matched: Their scored pairs.
        config: Thresholds, and which sources hold no duplicates.
        before: Yesterday's generation.
        seed: The store's seed for ids.
        stamp: What each row of the ledger carries.
    """
    entity = mentions.entity_type
    components = cluster(mentions.height, matched.pairs.filter("link"))
    facts = mentions.read(reading(MENTIONS[entity]))
    labels, found = hold(components, matched.pairs, facts, _rules(config, matched, entity))
    del facts
    clusters = mentions.read(["source", "record_id"]).with_columns(
        pl.Series("cluster", labels, dtype=pl.Int64())
    )
    known = before if before and entity in before.entity_types else None
    yesterday = known.read(f"membership_{entity}") if known else empty(MEMBERSHIP)
    first_serial = before.manifest["next_serial"].get(entity, 0) if before else 0
    named = identify(entity, clusters, yesterday, first_serial, seed, stamp, found)
    cuts = named_cuts(found, clusters)
    listed = known and known.path(f"cuts_{entity}").exists()  # not by a version before cuts
    cut_before = known.read(f"cuts_{entity}") if known and listed else empty(CUTS)
    events = cut_events(cuts, cut_before, named.membership, entity, stamp)
    return Clustered(
        labels,
        links_within(matched, labels),
        named.membership,
        named.next_serial,
        pl.concat([named.ledger, events]),
        cuts,
    )


def _rules(config: Config, matched: Matched, entity: EntityType) -> Rules:
    """Return what holds clusters of an entity type apart."""
    settings = config.settings_of(entity)
    once = [source.name for source in config.sources if not source.duplicates]
    link_weight = weight_of(matched.thresholds.link)
    holding = holding_kinds(matched.model)
    return Rules(link_weight, settings.max_entity_records, frozenset(once), holding)
