"""The tables made of mentions: keys, pairs, entities, ledger, investigations, the journal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from linker.schemas.mentions import DATE, RECORD, TEXT, TEXTS, Schema

DEMOTED: Final[Schema] = {"column": TEXT, "value": TEXT, "records": pl.Int64()}
"""Values of identifiers that many unlike records hold, and how many records that is."""

QUARANTINE: Final[Schema] = {
    "source": TEXT,
    "row": pl.Int64(),  # row number in the source, the first record is 1
    "column": TEXT,  # the source column, or null where the whole row is bad
    "value_class": TEXT,  # what the value looks like (see privacy), never the value
    "reason": TEXT,
    "outcome": TEXT,  # row: it is no mention; value: the mention lacks it
}
"""Rows that did not become a mention, and values that could not be read."""

KEPT_QUARANTINE: Final[Schema] = {
    **QUARANTINE,
    "record": pl.UInt64(),  # hash of the record id; null where the row has none of its own
}
"""The same as a generation keeps it: what comes again of a record takes the place of this."""

SCORED_PAIRS: Final[Schema] = {
    "mention_l": pl.Int64(),
    "mention_r": pl.Int64(),  # mention_l < mention_r
    "rule": pl.UInt8(),  # the first rule that found the pair
    "match_weight": pl.Float64(),  # log2
    "match_probability": pl.Float64(),
    "identity_weight": pl.Float64(),  # log2, sum over identity and biometric comparisons
    "confirmed": pl.Boolean(),  # a biometric identifier is equal
}
"""Candidate pairs at or above the review threshold."""

PAIRS_EXPORT: Final[Schema] = {
    "source_l": TEXT,
    "record_id_l": TEXT,
    "source_r": TEXT,
    "record_id_r": TEXT,
    "match_weight": pl.Float64(),
    "match_probability": pl.Float64(),
}

MEMBERSHIP: Final[Schema] = {
    **RECORD,
    "entity_id": TEXT,
    "serial": pl.Int64(),
}
"""Which record belongs to which entity, with the entity's serial number."""

ENTITIES: Final[Schema] = {"entity_type": TEXT, "entity_id": TEXT, **RECORD}
"""Which mention belongs to which entity."""

CUT_RECORDS: Final[Schema] = {
    "source": TEXT,
    "record_id": TEXT,
    "other_source": TEXT,
    "other_record_id": TEXT,
}
"""The two records of a cut, or of what else made an event happen."""

LEDGER: Final[Schema] = {
    "generation": pl.Int64(),
    "run_at": TEXT,  # when the run started, ISO 8601, UTC
    "entity_type": TEXT,
    "entity_id": TEXT,
    "event": TEXT,  # created | changed | merged | split | retired | cut
    "other_entity_id": TEXT,  # merged: where it went; split: where it came from; cut: the other's
    "records": pl.Int64(),  # how many records the entity holds after the event
    "model": TEXT,  # entity type, version and digest of the model
    "reason": TEXT,
    **CUT_RECORDS,  # the link or the decision that did it; one record where no other took part
    "match_weight": pl.Float64(),  # of that link, log2
    "decision": pl.Int64(),  # the number of that decision
}
"""What happened to each entity, one row an event.

A cut says why a link between two of its records, and with it all links between their two groups,
does not make them one; it is written when it first comes about.
"""

CUTS: Final[Schema] = {
    **CUT_RECORDS,
    "match_weight": pl.Float64(),
    "cut": TEXT,  # a key of entities.hold.REASONS
    "decision": pl.Int64(),  # the number of the decision that parts them, or that was not followed
    "reason": TEXT,
}
"""The links that were cut, one for each two groups of records that links would join."""

MOVES: Final[Schema] = {**RECORD, "entity_id": TEXT}
"""The records whose entity changed in a run, with the new one; null where the record is gone."""

DECISION_RECORDS: Final[Schema] = {
    "source_l": TEXT,
    "record_id_l": TEXT,
    "source_r": TEXT,
    "record_id_r": TEXT,
}
"""The two records that a clerical decision is about; the first by source and record id first."""

DECISIONS: Final[Schema] = {
    "decision_id": pl.Int64(),
    "entity_type": TEXT,
    **DECISION_RECORDS,
    "decision": TEXT,  # match | non_match | unsure
    "author": TEXT,
    "reason": TEXT,
    "made_at": TEXT,  # times are ISO 8601 to the second, UTC, so that as texts they have an order
    "expires": TEXT,
    "recorded_at": TEXT,
    "withdrawn_at": TEXT,
    "withdrawn_by": TEXT,
    "withdrawn_why": TEXT,
}
"""Clerical decisions: all that were ever recorded, for one is withdrawn and never deleted."""

INVESTIGATIONS: Final[Schema] = {
    "entity_type": TEXT,
    "entity_id": TEXT,
    "source": TEXT,
    "record_id": TEXT,
    "case_id": TEXT,
    "agency": TEXT,
    "unit": TEXT,
    "class": TEXT,  # design section 9
    "tier": TEXT,  # CONFIRMED | PROBABLE | POSSIBLE; null for NO_HIT
    "other_entity_id": TEXT,
    "other_source": TEXT,
    "other_record_id": TEXT,
    "other_kind": TEXT,
    "other_case_id": TEXT,  # case id, arrest id, report id
    "other_agency": TEXT,
    "other_unit": TEXT,
    "matched_on": TEXTS,  # SHARED_IDENTIFIER: which identifiers
    "as_of": DATE,
}
"""Each investigation and what it meets: one row an entity and a pair of investigations."""

HITS: Final[Schema] = {
    "target": TEXT,  # the target's id, or the number of its row
    "row": pl.Int64(),  # row number in the file, the first target is 1
    "outcome": TEXT,  # HIT | SHARED_IDENTIFIER | NO_HIT | NOT_ASKED: of this row
    "rank": pl.Int64(),  # of the entity among those of the target, from 1
    "entity_id": TEXT,
    "tier": TEXT,  # CONFIRMED | PROBABLE | POSSIBLE
    "match_weight": pl.Float64(),  # log2, of the entity's best record
    "match_probability": pl.Float64(),
    "matched_on": TEXTS,  # the comparisons that speak for it
    "records": pl.Int64(),  # how many the entity holds
    "class": TEXT,  # of the most pressing investigation, as the others up to closed
    "agency": TEXT,
    "unit": TEXT,
    "office": TEXT,
    "contact_name": TEXT,
    "contact_phone": TEXT,
    "contact_email": TEXT,
    "case_id": TEXT,
    "status": TEXT,
    "opened": DATE,
    "closed": DATE,
    "investigations": pl.Int64(),  # how many investigations and contacts there are
    "shared_on": TEXTS,  # SHARED_IDENTIFIER: which identifiers
    "missed_probability": pl.Float64(),  # that a record of the target is there: without a hit
    "reason": TEXT,  # NOT_ASKED: why, without the value
    "generation": pl.Int64(),
    "model": TEXT,
    "as_of": DATE,
}
"""What a file of targets is answered: a row an entity, and one for a target without any."""

DIFFERENCES: Final[Schema] = {
    "change": TEXT,  # meets: only now; parts: only before
    "agency": TEXT,
    "unit": TEXT,
    "case_id": TEXT,
    "source": TEXT,
    "record_id": TEXT,
    "other_agency": TEXT,
    "other_unit": TEXT,
    "other_case_id": TEXT,
    "other_source": TEXT,
    "other_record_id": TEXT,
}
"""Pairs of investigations that newly meet on an entity, or meet no more; each pair once."""

ACTS: Final[Schema] = {
    "at": TEXT,  # ISO 8601, UTC
    "who": TEXT,
    "what": TEXT,  # publish | rollback | forget | delete
    "generation": pl.Int64(),
    "instead_of": pl.Int64(),  # what was published before
    "why": TEXT,
}
"""What people did to a store, in the journal."""

TOMBSTONES: Final[Schema] = {
    "at": TEXT,
    "kind": TEXT,  # record | term: a value of a model's term frequencies
    "place": TEXT,  # the source, or entity type and column of the term frequencies
    "digest": pl.Binary(),  # HMAC-SHA256
    "generation": pl.Int64(),  # the first one without it; null until it is published
}
"""What was forgotten, in the journal, by keyed hashes alone."""

CROWDS: Final[Schema] = {
    "entity_type": TEXT,
    "entity_id": TEXT,
    "investigations": pl.Int64(),  # that the entity has a mention of
    "contacts": pl.Int64(),
}
"""Entities that have more than is told of each; see `linker.deconfliction.crowds`."""

_SIDES: Final = (
    ("source", "record_id"),
    ("other_source", "other_record_id"),
    ("source_l", "record_id_l"),
    ("source_r", "record_id_r"),
)
"""The columns by which tables name records."""


def record_sides(columns: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of columns of a table that name a record: source and record id."""
    there = set(columns)
    return [side for side in _SIDES if there.issuperset(side)]
