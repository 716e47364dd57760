"""Whether two sides agree: on the pairs of a delta, and on what two stores have published."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.batch.compare import Agreement
from linker.database import connect

_NUMBERED = """
SELECT least(l.mention, r.mention) AS mention_l, greatest(l.mention, r.mention) AS mention_r,
  match_weight
FROM read_parquet($ours)
JOIN m l ON source_l = l.source AND record_id_l = l.record_id
JOIN m r ON source_r = r.source AND record_id_r = r.record_id
WHERE match_weight >= $least AND (l.arrived OR r.arrived)
"""
_COUNTED = """
SELECT count(*) FILTER (s.match_weight IS NULL), count(*) FILTER (o.match_weight IS NULL),
  coalesce(max(abs(o.match_weight - s.match_weight)), 0.0)
FROM o FULL JOIN s USING ({columns})
"""


def delta_agreement(ours: Path, splink: Path, mentions: Path, least: float) -> Agreement:
    """Compare the pairs that have a record that arrived.

    Args:
        ours: Exported pairs.
        splink: Splink's: mention_l, mention_r, match_weight.
        mentions: The file that gives a mention's number and whether it arrived.
        least: Our pairs below this weight are left out: equal biometric identifiers kept them.
    """
    with closing(connect(ours.parent)) as connection:
        # a pair that several keys of one rule find, Splink may have more than once
        query = (
            "WITH m AS (SELECT source, record_id, mention, arrived FROM read_parquet($mentions)), "
            f"o AS ({_NUMBERED}), s AS (SELECT mention_l, mention_r, max(match_weight) AS "
            "match_weight FROM read_parquet($splink) GROUP BY ALL) "
            + _COUNTED.format(columns="mention_l, mention_r")
        )
        asked = {"ours": str(ours), "splink": str(splink), "mentions": str(mentions)}
        found = connection.execute(query, {**asked, "least": least}).fetchall()
    return Agreement(*found[0])


@dataclass(frozen=True)
class SameState:
    """How the state after an increment agrees with one made from scratch.

    Attributes:
        pairs: Of the exported pairs of both.
        records_apart: Records whose entities have other members.
    """

    pairs: Agreement
    records_apart: int


def same_state(found: Path, fresh: Path) -> SameState:
    """Compare two directories of exports, ``pairs.parquet`` and ``entities.parquet``."""
    columns = "source_l, record_id_l, source_r, record_id_r"
    one, other = ("source_l || '/' || record_id_l", "source_r || '/' || record_id_r")
    ordered = (
        f"SELECT CASE WHEN {one} < {other} THEN source_l ELSE source_r END AS source_l, "
        f"CASE WHEN {one} < {other} THEN record_id_l ELSE record_id_r END AS record_id_l, "
        f"CASE WHEN {one} < {other} THEN source_r ELSE source_l END AS source_r, "
        f"CASE WHEN {one} < {other} THEN record_id_r ELSE record_id_l END AS record_id_r, "
        "match_weight FROM read_parquet({file})"
    )
    with closing(connect(found)) as connection:
        query = (
            f"WITH o AS ({ordered.format(file='$found')}), s AS ({ordered.format(file='$fresh')}) "
            + _COUNTED.format(columns=columns)
        )
        asked = {"found": str(found / "pairs.parquet"), "fresh": str(fresh / "pairs.parquet")}
        pairs = connection.execute(query, asked).fetchall()
        named = (
            "SELECT entity_type, source, record_id, min(source || '/' || record_id) OVER "
            "(PARTITION BY entity_type, entity_id) AS first FROM read_parquet({file})"
        )
        query = (
            f"WITH o AS ({named.format(file='$found')}), s AS ({named.format(file='$fresh')}) "
            "SELECT count(*) FILTER (o.first IS DISTINCT FROM s.first) "
            "FROM o FULL JOIN s USING (entity_type, source, record_id)"
        )
        asked = {name: path.replace("pairs", "entities") for name, path in asked.items()}
        apart = connection.execute(query, asked).fetchall()
    return SameState(Agreement(*pairs[0]), int(apart[0][0]))
