"""Scored pairs to entities: clusters that hold, identities that persist, the ledger's rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from linker.config import Config
from linker.entities.causes import causes
from linker.entities.cluster import cluster
from linker.entities.component import Rules
from linker.entities.contradictions import holding_kinds
from linker.entities.decisions import UNDECIDED, Decided
from linker.entities.hold import hold
from linker.entities.identity import identify
from linker.entities.ledger import RunStamp, cut_events, named_cuts
from linker.model import LinkageModel, Thresholds, weight_of
from linker.schemas import EntityType

Labels = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class World:
    """Mentions to be clustered.

    They may be some of all mentions: whole components, of yesterday and of today, of links and of
    what decisions join, and whole entities of yesterday. What comes of them is then what would come
    of them among all.

    Attributes:
        records: ``source``, ``record_id`` and what `linker.entities.hold.reading` names, a row a
            mention, sorted by source and record id; a mention's number here is its place.
        pairs: Their scored pairs by these numbers, ``mention_l`` < ``mention_r``, and ``link``.
        membership: `MEMBERSHIP` of yesterday: of these records and of those that are gone.
        cuts: Yesterday's `CUTS` between these records.
        decided: What decisions say of the mentions.
    """

    records: pl.DataFrame
    pairs: pl.DataFrame
    membership: pl.DataFrame
    cuts: pl.DataFrame
    decided: Decided = UNDECIDED


@dataclass(frozen=True)
class Clusters:
    """The entities of some mentions of one entity type.

    Attributes:
        components: What links and decisions join: of each mention the smallest such mention.
        labels: The cluster of each mention, after what may not be one was parted: its smallest.
        membership: `schemas.MEMBERSHIP` of each mention.
        next_serial: The next free serial number of an entity.
        ledger: What happened, schema `LEDGER`.
        cuts: Schema `CUTS`.
        moves: The records whose entity changed, schema `MOVES`.
    """

    components: Labels
    labels: Labels
    membership: pl.DataFrame
    next_serial: int
    ledger: pl.DataFrame
    cuts: pl.DataFrame
    moves: pl.DataFrame


def cluster_world(
    entity: EntityType, world: World, rules: Rules, first_serial: int, seed: int, stamp: RunStamp
) -> Clusters:
    """Cluster the mentions of a world, and carry over yesterday's identities.

    Args:
        entity: What they are mentions of.
        world: The mentions.
        rules: What holds clusters apart.
        first_serial: The first serial number never used.
        seed: The store's seed for ids.
        stamp: What each row of the ledger carries.
    """
    records = world.records.with_columns(mention=pl.int_range(pl.len(), dtype=pl.Int64))
    pairs, decided = world.pairs, world.decided
    ends = ["mention_l", "mention_r"]
    edges = [pairs.lazy().filter("link").select(ends), decided.together.lazy().select(ends)]
    components = cluster(records.height, pl.concat(edges).collect())
    labels, found = hold(components, pairs, records, rules, decided.apart, decided.together)
    clusters = records.select("source", "record_id").with_columns(
        pl.Series("cluster", labels, dtype=pl.Int64())
    )
    why = causes(pairs, labels, found, decided, rules)
    named = identify(entity, clusters, world.membership, first_serial, seed, stamp, why)
    cuts = named_cuts(why.cuts, clusters)
    events = cut_events(cuts, world.cuts, named.membership, entity, stamp)
    return Clusters(
        components,
        labels,
        named.membership,
        named.next_serial,
        pl.concat([named.ledger, events]),
        cuts,
        named.moves,
    )


def rules_of(
    config: Config, entity: EntityType, model: LinkageModel, thresholds: Thresholds
) -> Rules:
    """Return what holds clusters of an entity type apart."""
    return Rules(
        link_weight=weight_of(thresholds.link),
        max_records=config.settings_of(entity).max_entity_records,
        once=config.once,
        contradictions=holding_kinds(model),
        namesakes=entity == "person",
        identity_floor=thresholds.identity_floor,
    )
