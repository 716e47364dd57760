"""Where investigations meet: on one entity, through a possible link, through a shared identifier.

All tables here speak in numbers. An entity and an investigation are each named by their smallest
mention; ``q`` is the investigation that looks, ``c`` the one it sees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

CONTACT_KINDS = ("arrest", "intel", "watchlist")


def places(numbers: pl.Series, among: pl.Series) -> pl.Series:
    """Return where numbers are among sorted distinct ones that hold each of them.

    Args:
        numbers: Int64; the place of null is null.
        among: Int64, such as the numbers of all mentions: then a number is its own place.
    """
    if len(among) and among[0] == 0 and among[-1] == len(among) - 1:
        return numbers
    found = pl.DataFrame([numbers.rename("number"), among.search_sorted(numbers).rename("place")])
    return found.select(pl.when(pl.col("number").is_not_null()).then("place")).to_series()


@dataclass(frozen=True)
class Appearances:
    """Who appears in what.

    Attributes:
        cases: One row a mention of an investigation: ``mention``, ``entity``, ``investigation``.
        views: One row an entity and investigation: ``entity``, ``investigation``, ``mention``
            (the smallest).
        contacts: One row an arrest, intelligence or watchlist mention outside investigations:
            ``entity``, ``mention``.
        entities: ``mention``, ``entity`` of every mention, sorted by mention.
    """

    cases: pl.DataFrame
    views: pl.DataFrame
    contacts: pl.DataFrame
    entities: pl.DataFrame


def number_entities(membership: pl.DataFrame) -> pl.DataFrame:
    """Return ``mention``, ``entity``, sorted: each entity named by its smallest mention.

    Args:
        membership: ``mention`` Int64, ``entity_id`` String; and ``entity``, where it is known.
    """
    if "entity" in membership.columns:
        return membership.select("mention", "entity").sort("mention")
    entity = pl.col("mention").min().over("entity_id")
    return membership.select("mention", entity=entity).sort("mention")


def entity_of(mentions: pl.Series, entities: pl.DataFrame) -> pl.Series:
    """Return the entity of each of some mentions, as ``entity``.

    Args:
        mentions: Numbers of mentions.
        entities: What `number_entities` returned.
    """
    return entities["entity"].gather(places(mentions, entities["mention"]))


def find_appearances(
    mentions: pl.DataFrame, cases: pl.DataFrame, entities: pl.DataFrame
) -> Appearances:
    """Say which entities appear in which investigations and contacts.

    Args:
        mentions: ``mention`` and ``kind`` of every mention.
        cases: ``mention`` and ``investigation`` of those that belong to an investigation.
        entities: ``mention``, ``entity`` of every mention.
    """
    placed = cases.select("mention", "investigation")
    placed = placed.with_columns(entity_of(placed["mention"], entities))
    contacts = (
        mentions.filter(pl.col("kind").is_in(CONTACT_KINDS))
        .select("mention")
        .join(cases, on="mention", how="anti")
    )
    contacts = contacts.with_columns(entity_of(contacts["mention"], entities))
    views = placed.group_by("entity", "investigation").agg(pl.col("mention").min())
    return Appearances(placed, views, contacts.select("entity", "mention"), entities)


def confirmed_groups(pairs: pl.DataFrame, entities: pl.DataFrame) -> pl.DataFrame:
    """Group the mentions that confirmed links within one entity join, directly or in a chain.

    Args:
        pairs: ``mention_l``, ``mention_r``, ``confirmed``, ``link``.
        entities: ``mention``, ``entity``.

    Returns:
        ``mention``, ``group`` Int64; mentions without a confirmed link are absent.
    """
    edges = pairs.filter(pl.col("confirmed") & pl.col("link")).select("mention_l", "mention_r")
    edges = _with_entities(edges, entities).filter(pl.col("entity_l") == pl.col("entity_r"))
    ends = edges.select("mention_l", "mention_r").to_numpy()
    mentions, positions = np.unique(ends, return_inverse=True)
    positions = positions.reshape(ends.shape)
    graph = coo_array(
        (np.ones(len(ends), dtype=np.int8), (positions[:, 0], positions[:, 1])),
        shape=(len(mentions), len(mentions)),
    )
    labels = connected_components(graph, directed=False)[1] if len(mentions) else mentions
    return pl.DataFrame(
        {"mention": mentions, "group": labels}, schema={"mention": pl.Int64, "group": pl.Int64}
    )


def possible_entities(pairs: pl.DataFrame, entities: pl.DataFrame) -> pl.DataFrame:
    """Return which entities a possible link joins, in both directions.

    Args:
        pairs: ``mention_l``, ``mention_r``, ``match_weight``, ``link``.
        entities: ``mention``, ``entity``.

    Returns:
        ``entity``, ``other_entity``, distinct, and ``weight``, that of their heaviest pair.
    """
    weak = pairs.filter(~pl.col("link")).select("mention_l", "mention_r", weight="match_weight")
    joined = _with_entities(weak, entities).filter(pl.col("entity_l") != pl.col("entity_r"))
    forward = joined.select("weight", entity="entity_l", other_entity="entity_r")
    backward = joined.select("weight", entity="entity_r", other_entity="entity_l")
    both = pl.concat([forward, backward])
    return both.group_by("entity", "other_entity").agg(pl.col("weight").max())


def same_entity_meetings(
    appear: Appearances, seen: Appearances, groups: pl.DataFrame
) -> pl.DataFrame:
    """Return every ordered pair of investigations that have a mention of the same entity.

    Args:
        appear: Those who look.
        seen: Those whom they see.
        groups: `confirmed_groups`.

    Returns:
        ``entity``, ``other_entity`` (the same), ``q``, ``c``, ``mention`` and ``other_mention``
        that stand for the entity in each of them, ``tier`` CONFIRMED or PROBABLE.
    """
    left = appear.views.select("entity", "mention", q="investigation")
    right = seen.views.select("entity", c="investigation", other_mention="mention")
    members = appear.cases.join(groups, on="mention").select("entity", "investigation", "group")
    members = members.unique()
    shown = members.join(
        seen.views, on=["entity", "investigation"], how="semi"
    )  # of what is not shown, nothing need be sure
    confirmed = (
        members.rename({"investigation": "q"})
        .join(shown.select("group", c="investigation"), on="group")
        .select("entity", "q", "c", sure=pl.lit(value=True))
        .unique()
    )
    return (
        left.join(right, on="entity")
        .filter(pl.col("q") != pl.col("c"))
        .join(confirmed, on=["entity", "q", "c"], how="left")
        .select(
            "entity",
            "q",
            "c",
            "mention",
            "other_mention",
            other_entity="entity",
            tier=pl.when("sure").then(pl.lit("CONFIRMED")).otherwise(pl.lit("PROBABLE")),
        )
    )


def possible_meetings(
    here: Appearances, seen: Appearances, possible: pl.DataFrame, most: int
) -> pl.DataFrame:
    """Return every ordered pair of investigations whose entities may be one.

    The possible link joins two entities, whichever of their mentions it was found on: it is a
    pointer between everything known of the one and of the other.

    Args:
        here: Those who look.
        seen: Those whom they see.
        possible: `possible_entities`.
        most: How many others an entity's investigations see, on the likeliest entities.

    Returns:
        ``entity``, ``other_entity``, ``q``, ``c``, ``mention`` and ``other_mention`` that stand
        for the entities in them, ``tier`` POSSIBLE.
    """
    others = seen.views.select(other_entity="entity", c="investigation", other_mention="mention")
    likeliest = (
        possible.join(others, on="other_entity")
        .sort(["entity", "weight", "other_entity", "c"], descending=[False, True, False, False])
        .filter(pl.int_range(pl.len()).over("entity") < most)
        .drop("weight")
    )
    return (
        likeliest.join(here.views.select("entity", "mention", q="investigation"), on="entity")
        .filter(pl.col("q") != pl.col("c"))
        .with_columns(tier=pl.lit("POSSIBLE"))
    )


def contact_meetings(
    appear: Appearances, groups: pl.DataFrame, possible: pl.DataFrame, most: int
) -> pl.DataFrame:
    """Return every investigation with every contact of its entity, or of what may be its entity.

    Args:
        appear: Who appears in what; of contacts, those who are seen.
        groups: `confirmed_groups`.
        possible: `possible_entities`.
        most: How many contacts of other entities are seen, on the likeliest entities.

    Returns:
        ``entity``, ``other_entity``, ``q``, ``mention``, ``other_mention``, ``tier``.
    """
    views = appear.views.select("entity", "mention", q="investigation")
    contacts = appear.contacts.select(other_entity="entity", other_mention="mention")
    members = appear.cases.join(groups, on="mention")
    confirmed = (
        members.select("entity", "group", q="investigation")
        .join(groups.rename({"mention": "other_mention"}), on="group")
        .join(contacts.select("other_mention"), on="other_mention", how="semi")
        .select("entity", "q", "other_mention", sure=pl.lit(value=True))
        .unique()
    )
    same = (
        views.with_columns(other_entity="entity")
        .join(contacts, on="other_entity")
        .join(confirmed, on=["entity", "q", "other_mention"], how="left")
        .with_columns(tier=pl.when("sure").then(pl.lit("CONFIRMED")).otherwise(pl.lit("PROBABLE")))
    )
    likeliest = (
        possible.join(contacts, on="other_entity")
        .sort(
            ["entity", "weight", "other_entity", "other_mention"],
            descending=[False, True, False, False],
        )
        .filter(pl.int_range(pl.len()).over("entity") < most)
    )
    maybe = likeliest.join(views, on="entity").with_columns(tier=pl.lit("POSSIBLE"))
    columns = ["entity", "other_entity", "q", "mention", "other_mention", "tier"]
    return pl.concat([same.select(columns), maybe.select(columns)])


def shared_meetings(
    appear: Appearances, seen: Appearances, shared: pl.DataFrame, most: int
) -> pl.DataFrame:
    """Return every ordered pair of investigations whose entities share an identifier.

    One side of a shared identifier must be a mention of the investigation itself; the other may be
    any mention of the entity investigated, such as its arrest. Both investigations see it.

    Args:
        appear: Who appears in what.
        seen: The same, as far as others are told of it.
        shared: ``mention_l``, ``mention_r``, ``matched_on`` List[String].
        most: How many others an investigation is told of.

    Returns:
        ``entity``, ``other_entity``, ``q``, ``c``, ``matched_on`` (sorted, distinct), ``mention``
        and ``other_mention`` that stand for the entities in the investigations.
    """
    found = _with_entities(shared, appear.entities).filter(pl.col("entity_l") != pl.col("entity_r"))
    placed = appear.cases.select("mention", c="investigation")
    sides = [
        found.select(
            "matched_on", entity=f"entity_{here}", other_entity=f"entity_{there}", mention=there_is
        )
        for here, there, there_is in (("l", "r", "mention_r"), ("r", "l", "mention_l"))
    ]
    # an entity, another, and the other's investigation that holds what they share
    held = (
        pl.concat(sides)
        .join(placed, on="mention")
        .explode("matched_on")
        .group_by("entity", "other_entity", "c")
        .agg(pl.col("matched_on").drop_nulls().unique())
        .sort("entity", "other_entity", "c")
    )
    nth = pl.int_range(pl.len())
    told = held.filter(nth.over("entity") < most).join(
        appear.views.select("entity", q="investigation"), on="entity"
    )
    mirrored = (  # who has no investigation has nothing to be seen, and takes no other's place
        held.join(seen.views, on="entity", how="semi", maintain_order="left")
        .filter(nth.over("other_entity", "c") < most)
        .join(seen.views.select("entity", q="investigation"), on="entity")
        .rename({"entity": "other_entity", "other_entity": "entity", "q": "c", "c": "q"})
        .sort("entity", "q", "other_entity", "c")
        .filter(nth.over("entity", "q") < most)
    )
    columns = ["entity", "other_entity", "q", "c", "matched_on"]
    return (
        pl.concat([told.select(columns), mirrored.select(columns)])
        .filter(pl.col("q") != pl.col("c"))
        .explode("matched_on")
        .group_by("entity", "other_entity", "q", "c")
        .agg(pl.col("matched_on").drop_nulls().unique().sort())
        .join(appear.views.rename({"investigation": "q"}), on=["entity", "q"])
        .join(
            appear.views.select(other_entity="entity", c="investigation", other_mention="mention"),
            on=["other_entity", "c"],
        )
    )


def declared_joint(cases: pl.DataFrame) -> pl.DataFrame:
    """Return the ordered pairs of investigations that either side declares joint.

    A declaration names a case id and no agency: it holds for every investigation of that case id.

    Args:
        cases: ``investigation``, ``case_id``, ``joint_case_ids``.

    Returns:
        ``q``, ``c``, distinct.
    """
    named = (
        cases.select(q="investigation", case_id="joint_case_ids").explode("case_id").drop_nulls()
    )
    ids = cases.select("case_id", c="investigation").drop_nulls().unique()
    pairs = named.unique().join(ids, on="case_id").select("q", "c")
    return pl.concat([pairs, pairs.select(q="c", c="q")]).unique()


def _with_entities(pairs: pl.DataFrame, entities: pl.DataFrame) -> pl.DataFrame:
    return pairs.with_columns(
        entity_of(pairs[f"mention_{side}"], entities).alias(f"entity_{side}") for side in ("l", "r")
    )
