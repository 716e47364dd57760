"""`RunReport`: what a link run did, in counts; the content of `report.json` and of its page.

It holds counts, names of sources, columns and units, and entity ids: never a name or an
identifier of anyone. Whatever order it is given in, its tables have one order: what has an order
of its own (blocking rules, stages, warnings) keeps it, the rest is sorted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    model_validator,
)

from linker.report.words import CLASSES, EVENTS, TIERS
from linker.schemas import ENTITY_TYPES, EntityType, SourceKind

Row = TypeVar("Row")
Value = TypeVar("Value")
Share = Annotated[float, Field(ge=0, le=1)]


class _Noun(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        populate_by_name=True,
        serialize_by_alias=True,
    )


class SourceCount(_Noun):
    """What became of a source's rows.

    rows = new + changed + unchanged + quarantined + outside + superseded + deletions + forgotten;
    of a delta source they are those that arrived. `mentions` counts all it has now; `outside` the
    rows that the source's ``where`` leaves out; `values_set_aside` the single values that could not
    be read, whose rows are mentions all the same; `forgotten` the rows of records that were
    forgotten and that the source still brings.
    """

    name: str
    kind: SourceKind
    entity: EntityType
    rows: NonNegativeInt
    mentions: NonNegativeInt
    quarantined: NonNegativeInt
    outside: NonNegativeInt
    values_set_aside: NonNegativeInt
    as_of: dt.date
    new: NonNegativeInt
    changed: NonNegativeInt
    gone: NonNegativeInt
    unchanged: NonNegativeInt
    superseded: NonNegativeInt
    deletions: NonNegativeInt
    deletions_unknown: NonNegativeInt
    forgotten: NonNegativeInt = 0

    @model_validator(mode="after")
    def _rows_add_up(self) -> Self:
        records = self.new + self.changed + self.unchanged
        left = self.quarantined + self.outside + self.superseded + self.deletions + self.forgotten
        if self.rows != records + left:
            raise ValueError(
                f"source {self.name!r}: {self.rows:,} rows are not {records:,} records + "
                f"{left:,} quarantined, outside, superseded, deletions or forgotten"
            )
        return self


class SetAsideCount(_Noun):
    """Rows of a source that were set aside for one reason, whole or one value of them.

    `column` is None where the whole row is bad.
    """

    source: str
    column: str | None
    outcome: Literal["row", "value"]
    reason: str
    rows: NonNegativeInt


class RuleYield(_Noun):
    """What a blocking rule yielded.

    `pairs` counts its own pairs, those of other rules included; `first_found` those that no
    earlier rule had found. `keys_capped` keys were shared by too many records: `records_capped`
    records hold them, and `pairs_capped` pairs were not made.
    """

    rule: str
    keys: NonNegativeInt
    pairs: NonNegativeInt
    first_found: NonNegativeInt
    keys_capped: NonNegativeInt
    records_capped: NonNegativeInt
    pairs_capped: NonNegativeInt


class SizeCount(_Noun):
    """How many entities hold that many records."""

    records: int = Field(ge=1)
    entities: NonNegativeInt


class LargeEntity(_Noun):
    """One of the entities with the most records, and how many sources they come from."""

    entity_id: str
    records: int = Field(ge=1)
    sources: int = Field(ge=1)


class WeightBin(_Noun):
    """How many kept pairs have a match weight from `from_` up to, but not including, `to` bits.

    Edges are rounded, so those of a very narrow bin may be equal.
    """

    from_: float = Field(alias="from")
    to: float
    pairs: NonNegativeInt

    @model_validator(mode="after")
    def _edges_are_ordered(self) -> Self:
        if self.to < self.from_:
            raise ValueError(f"bin of match weights: {self.to:g} is below {self.from_:g}")
        return self


def _sorted_by(key: Callable[[Row], object]) -> AfterValidator:
    def in_order(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(sorted(rows, key=key))  # type: ignore[arg-type]

    return AfterValidator(in_order)


def _in_order_of(words: Mapping[str, str] | tuple[str, ...]) -> AfterValidator:
    """Known words first, in their order; the others after them, by name."""
    places = {word: place for place, word in enumerate(words)}

    def in_order(values: dict[str, Value]) -> dict[str, Value]:
        names = sorted(values, key=lambda name: (places.get(name, len(places)), name))
        return {name: values[name] for name in names}

    return AfterValidator(in_order)


class CutCount(_Noun):
    """How often links were cut for a reason; each cut parts two groups of records."""

    reason: str
    cuts: NonNegativeInt


class EntityTypeReport(_Noun):
    """Blocking, scoring and clustering of one entity type.

    `associations` counts the pairs at or above the link threshold whose evidence is only contacts
    that strangers share: they are not merged. `weights` is the histogram of the match weights of
    kept pairs, `link_weight` and `review_weight` are the thresholds, all in bits. `fill` gives, by
    column, the share of mentions that have a value.
    """

    mentions: NonNegativeInt
    rules: tuple[RuleYield, ...]
    candidate_pairs: NonNegativeInt
    links: NonNegativeInt
    possible_links: NonNegativeInt
    associations: NonNegativeInt
    cuts: Annotated[tuple[CutCount, ...], _sorted_by(lambda row: (-row.cuts, row.reason))] = ()
    entities: NonNegativeInt
    sizes: Annotated[tuple[SizeCount, ...], _sorted_by(lambda row: row.records)]
    largest: Annotated[
        tuple[LargeEntity, ...], _sorted_by(lambda row: (-row.records, row.entity_id))
    ]
    weights: Annotated[tuple[WeightBin, ...], _sorted_by(lambda row: (row.from_, row.to))]
    link_weight: float
    review_weight: float
    fill: Annotated[dict[str, Share], _in_order_of(())]


class ClassCount(_Noun):
    """How many rows of the investigations table have a class and tier (None for NO_HIT)."""

    class_: str = Field(alias="class")
    tier: str | None
    rows: NonNegativeInt


class UnitPair(_Noun):
    """How often investigations of two units met on one entity, and on how many entities.

    Only meetings of the tiers CONFIRMED and PROBABLE count. A unit reads like ``HSI / Laredo``.
    Where simultaneous, each two units appear once; where prior, `unit` asks and `other_unit` had
    the investigation that was closed.
    """

    unit: str
    other_unit: str
    meetings: NonNegativeInt
    entities: NonNegativeInt


def _place(word: str | None, words: Mapping[str, str]) -> tuple[int, str]:
    """Known words first, in their order; then the others, by name; None last."""
    if word is None:
        return len(words) + 1, ""
    return (list(words).index(word) if word in words else len(words)), word


_UnitPairs = Annotated[
    tuple[UnitPair, ...],
    _sorted_by(lambda row: (-row.meetings, -row.entities, row.unit, row.other_unit)),
]


class InvestigationCounts(_Noun):
    """How many investigations there are, what they met, and which units should talk."""

    total: NonNegativeInt
    classes: Annotated[
        tuple[ClassCount, ...],
        _sorted_by(lambda row: (_place(row.class_, CLASSES), _place(row.tier, TIERS))),
    ]
    simultaneous: _UnitPairs
    prior: _UnitPairs


class EntityChanges(_Noun):
    """What a run makes of the entities that are published, and how many it has `now`.

    `unchanged` have the same id and the same records; `merged` were joined to another one, where
    their ids point now; of `split` some records are in another entity now; `changed` gained or
    lost records otherwise; `retired` have no record any more; `created` are new, those split off
    included. `moved` counts the records that are in another entity than before.
    """

    before: NonNegativeInt
    now: NonNegativeInt
    unchanged: NonNegativeInt
    merged: NonNegativeInt
    split: NonNegativeInt
    changed: NonNegativeInt
    created: NonNegativeInt
    retired: NonNegativeInt
    moved: NonNegativeInt


class UnitChanges(_Noun):
    """How many investigations of two units newly meet, and how many meet no more."""

    unit: str
    other_unit: str
    meet: NonNegativeInt
    part: NonNegativeInt


class MeetingChanges(_Noun):
    """How many pairs of investigations newly meet and how many part, each pair counted once.

    Only meetings of the tiers CONFIRMED and PROBABLE count, whatever entity they are on.
    """

    meet: NonNegativeInt
    part: NonNegativeInt
    units: Annotated[
        tuple[UnitChanges, ...],
        _sorted_by(lambda row: (-row.meet - row.part, row.unit, row.other_unit)),
    ]


class RunChanges(_Noun):
    """What a run changes of what is published.

    `investigations` is None where they were not compared: on a night that links what changed.
    """

    entities: Annotated[dict[EntityType, EntityChanges], _in_order_of(ENTITY_TYPES)]
    investigations: MeetingChanges | None = None


class LeftOut(_Noun):
    """Values of an identifier that too many entities share, and how many mentions hold one."""

    identifier: str
    values: NonNegativeInt
    mentions: NonNegativeInt


class Demoted(_Noun):
    """Values of an identifier that many unlike records hold, which therefore linked nobody."""

    entity_type: EntityType
    identifier: str
    values: NonNegativeInt
    records: NonNegativeInt


class Stage(_Noun):
    """A stage of the run and how long it took."""

    stage: str
    seconds: NonNegativeFloat


class Release(_Noun):
    """A person published what the gate had held back: when (UTC), who, and why."""

    at: str
    who: str
    why: str


class RunReport(_Noun):
    """What a link run did.

    `at` is when it started, ISO 8601 text with its offset, UTC; `as_of` the date investigations
    were judged at; `news` is false where nothing had changed, so that the report is that of the
    published generation; `anew` says why all mentions were linked anew, where not only what changed
    was; `models` names the model of each entity type, such as ``person/1@3f2a9c01``; `changes` is
    None where nothing was published before; `ledger` counts events; `held_back` says why the gate
    did not let the run be published, and `released` who did all the same.
    ``model_dump(mode="json")`` has the keys of `report.json` (``class`` and ``from`` for `class_`
    and `from_`), always in the same order.
    """

    generation: NonNegativeInt
    news: bool = True
    at: str
    as_of: dt.date
    linker_version: str
    anew: tuple[str, ...] = ()
    models: Annotated[dict[EntityType, str], _in_order_of(ENTITY_TYPES)]
    sources: Annotated[tuple[SourceCount, ...], _sorted_by(lambda row: row.name)]
    quarantine: Annotated[
        tuple[SetAsideCount, ...],
        _sorted_by(lambda row: (row.source, row.outcome, row.column or "", -row.rows, row.reason)),
    ]
    entity_types: Annotated[dict[EntityType, EntityTypeReport], _in_order_of(ENTITY_TYPES)]
    investigations: InvestigationCounts
    changes: RunChanges | None = None
    ledger: Annotated[dict[str, NonNegativeInt], _in_order_of(EVENTS)]
    shared_left_out: Annotated[
        tuple[LeftOut, ...], _sorted_by(lambda row: (row.identifier, -row.mentions, -row.values))
    ]
    demoted: Annotated[
        tuple[Demoted, ...], _sorted_by(lambda row: (row.entity_type, row.identifier))
    ] = ()
    warnings: tuple[str, ...]
    held_back: tuple[str, ...] = ()
    released: Release | None = None
    stages: tuple[Stage, ...]
    seconds: NonNegativeFloat

    @model_validator(mode="after")
    def _started_at_a_known_time(self) -> Self:
        if dt.datetime.fromisoformat(self.at).utcoffset() != NO_OFFSET:
            raise ValueError("at: not a time in UTC, such as 2026-03-01T02:00:00+00:00")
        return self


NO_OFFSET: Final = dt.timedelta(0)
