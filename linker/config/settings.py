"""The nouns of a configuration file, validated: one class a section."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    model_validator,
)

from linker.config.drift import DriftSettings
from linker.config.levels import LevelSettings, order_mistake, parameter_mistake
from linker.config.models import ModelsSettings
from linker.config.review import ReviewSettings
from linker.config.section import Section
from linker.config.service import AuditSettings, ServiceSettings
from linker.errors import nearest
from linker.schemas import CONTEXT, ORGANIZATION_FIELDS, PERSON_FIELDS, EntityType, SourceKind

Scalar = str | int | float | bool
ComparisonRole = Literal["identity", "family", "association", "biometric"]
ColumnName = Annotated[str, Field(min_length=1)]
ColumnNames = Annotated[list[ColumnName], Field(min_length=1)]


class StoreSettings(Section):
    """``[store]``: where generations and the warehouse live."""

    directory: Path
    keep_generations: int = Field(default=7, ge=1)
    keep_days: int | None = Field(default=None, ge=1)
    """Generations beyond `keep_generations` stay until they are so many days old; they go at once
    unless given."""


class LinkSettings(Section):
    """``[link]``: what holds for a whole run."""

    as_of: dt.date | None = None
    """The date investigations are judged at; today unless given."""
    bad_row_limit: float = Field(default=0.05, ge=0, le=1)
    """Largest share of quarantined rows a source may have; past it the run fails unwritten."""
    threads: int = Field(default=0, ge=0, le=256)
    """How many threads make keys and score pairs; as many as there are processors if 0."""


def _number_or_false(value: Any) -> Any:  # noqa: ANN401 - whatever TOML held
    if value is not False and (value is True or not isinstance(value, int | float)):
        raise ValueError("give a number, or false for no limit")
    return value


Limit = Annotated[float | Literal[False], BeforeValidator(_number_or_false)]
"""A share from 0, 1 meaning as much again; false is no limit."""


class GateSettings(Section):
    """``[gate]``: a run past one of these limits is held back until a person publishes it.

    The limits are shares, compared with the last published generation; ``false`` is no limit.
    """

    new_model: bool = True
    """Whether a run with another model is held back, so that a person sees what it changes."""
    least_change: int = Field(default=100, ge=1)
    """Changes of fewer records, pairs, entities or meetings than this never hold a run back."""
    rows_lost: Limit = Field(default=0.2, ge=0)
    """Of a source's mentions, how many may be gone."""
    rows_gain: Limit = Field(default=1.0, ge=0)
    """By how much the mentions of a source may grow."""
    quarantine_gain: Limit = Field(default=0.02, ge=0)
    """By how much the share of a source's rows in quarantine may rise."""
    fill_lost: Limit = Field(default=0.2, ge=0)
    """Of the mentions that have a field, how many may lose it."""
    pairs_gain: Limit = Field(default=1.0, ge=0)
    """By how much the candidate pairs a record may rise."""
    pairs_lost: Limit = Field(default=0.5, ge=0)
    """By how much the candidate pairs a record may fall."""
    links_gain: Limit = Field(default=0.5, ge=0)
    """By how much the links a record may rise."""
    links_lost: Limit = Field(default=0.3, ge=0)
    """By how much the links a record may fall."""
    merged_share: Limit = Field(default=0.05, ge=0)
    """Of all entities, how many may merge into others."""
    split_share: Limit = Field(default=0.05, ge=0)
    """Of all entities, how many may be split from others."""
    largest_gain: Limit = Field(default=0.5, ge=0)
    """By how much the largest entity may grow."""
    simultaneous_gain: Limit = Field(default=1.0, ge=0)
    """By how much the simultaneous meetings of investigations may rise."""
    simultaneous_lost: Limit = Field(default=0.5, ge=0)
    """By how much the simultaneous meetings of investigations may fall."""


class Source(Section):
    """``[[source]]``: one data set, its files, and which column holds which canonical field."""

    name: str = Field(pattern=r"^[A-Za-z0-9_.-]+$")
    path: str | Annotated[list[str], Field(min_length=1)]
    kind: SourceKind
    entity: EntityType
    record_id: ColumnName | ColumnNames
    """The column (or columns, joined by ``-``) that names a record within the source."""
    duplicates: bool = True
    """Whether the source may hold several records of one target; if not, it contributes at most
    one record to an entity."""
    mode: Literal["snapshot", "delta"] = "snapshot"
    """snapshot: the files are the whole source; delta: they hold what changed since the last."""
    deleted: ColumnName | None = None
    """The column by which a delta source tells that a record is gone."""
    format: Literal["csv", "parquet", "jsonl"] | None = None
    """The file format, where the file name does not tell it."""
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    header: bool = True
    """Whether a CSV has a header row; without one the columns are column_1, column_2, ..."""
    null_values: list[str] = []
    """Texts that mean nothing was recorded, besides the empty text."""
    where: dict[str, Scalar] = {}
    """Only rows whose columns equal these values belong to the source."""
    constants: dict[str, str] = {}
    """Canonical fields that have one value for the whole source, such as ``agency``."""
    fields: dict[str, ColumnName | ColumnNames] = {}
    formats: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    retain: list[str] = []
    as_of: dt.date | None = None
    """When the source was drawn; the newest file's date unless given."""
    bad_row_limit: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _only_a_delta_deletes(self) -> Self:
        if self.deleted is not None and self.mode != "delta":
            raise ValueError(
                'deleted: only with mode = "delta"; a record that is absent from a snapshot is gone'
            )
        if self.deleted is not None and self.deleted in self.record_id_columns:
            raise ValueError(f"deleted: {self.deleted!r} is a column of record_id; name another")
        return self

    @model_validator(mode="after")
    def _fields_are_canonical(self) -> Self:
        valid = canonical_fields(self.entity)
        for section in ("fields", "formats", "values", "constants"):
            for field in getattr(self, section):
                if field not in valid:
                    raise ValueError(
                        f"{section}: {field!r} is not a field of {self.entity}"
                        f"{nearest(field, valid)}"
                    )
        if not self.fields:
            raise ValueError("fields: map at least one canonical field to a source column")
        return self

    @property
    def paths(self) -> list[str]:
        """The paths or globs, as written."""
        return [self.path] if isinstance(self.path, str) else self.path

    @property
    def record_id_columns(self) -> list[str]:
        """The columns that name a record."""
        return [self.record_id] if isinstance(self.record_id, str) else self.record_id


class ComparisonSettings(Section):
    """``[[person.comparison]]``: levels from best to worst; what meets none is the last, "else"."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    role: ComparisonRole = "identity"
    """identity: who someone is; family: what relatives share; association: what strangers may
    share, such as a phone; biometric: identity that alone makes a link CONFIRMED."""
    lowest_weight: float = Field(default=-10.0, ge=-100, le=0)
    """Bound in bits below which no level of this comparison may fall."""
    levels: list[LevelSettings] = Field(min_length=1)

    @model_validator(mode="after")
    def _levels_are_in_order(self) -> Self:
        mistake = order_mistake(self.levels) or parameter_mistake(self.levels)
        if mistake:
            raise ValueError(mistake)
        return self


class BlockingRule(Section):
    """``[[person.blocking]]``: records that share every part of the key become candidate pairs."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    key: ColumnNames
    """Columns, each with an optional transform: ``surname_parts``, ``birth_date:month_day``."""
    max_pairs: int | None = Field(default=None, ge=1)
    """Budget of this rule; the entity type's ``max_pairs_per_record`` unless given."""
    max_records_per_key: int | None = Field(default=None, ge=2, le=1_000_000_000)
    """Over-full keys of this rule; the entity type's ``max_records_per_key`` unless given."""
    refine: list[ColumnName] = []
    """Further parts of the key for over-full keys alone; without them, or where the refined key is
    over-full still, such keys are left to other rules."""


class TrainingSettings(Section):
    """``[person.training]``: how parameters are estimated."""

    seed: int = Field(default=20260101, ge=0, lt=2**63)
    max_records: int = Field(default=1_000_000, ge=1_000)
    """More records than this are sampled, seeded."""
    min_records: int = Field(default=500, ge=2)
    """Fewer records than this are refused: the shipped model serves better."""
    u_max_pairs: float = Field(default=5e6, ge=1e3, le=1e12)
    em_max_pairs: float = Field(default=2e6, ge=1e3, le=1e12)
    min_session_pairs: int = Field(default=200, ge=1)
    """Sessions with fewer pairs are left out."""
    household_sessions: list[ColumnNames] = []
    """What relatives under one roof share; the first with pairs enough tells how many of them
    there are for each match, and with that what evidence of identity a link needs."""
    false_links_count: float = Field(default=2.0, ge=1, le=100)
    """How much worse a false link is thought than a missed one, where the link threshold is set."""
    sessions: list[ColumnNames] = []
    """The columns each EM session blocks on."""
    fallback_sessions: list[ColumnNames] = []
    """Sessions for the comparisons that fewer than two of `sessions` estimated."""
    prior_rules: list[ColumnNames] = []
    """Columns whose joint equality all but proves a match; they give the prior."""
    fallback_prior_rules: list[ColumnNames] = []
    """Rules for where none of `prior_rules` has data."""
    prior_recall: float = Field(default=0.7, gt=0, le=1)
    """The share of all matches that the prior rules are thought to find."""
    term_frequency_words: dict[str, str] = {}
    """Columns whose values are made of words: column = the list column of its words. A value
    that few records hold is as frequent as its words are together."""
    word_groups: int = Field(default=0, ge=0, le=64)
    """Into how many groups at most the words of such columns are sorted by the company they keep;
    0 takes words to meet by chance."""
    term_frequency_repeats: int = Field(default=10, ge=1)
    """A value made of words may be one target's, mentioned again, up to so many records; up to
    fewer where nearly all values are held by fewer."""
    term_frequency_witnesses: list[ColumnName] = []
    """Columns on which one target's records agree: a value that very many records hold may be one
    target's only where they do. None leaves it to the words of the value."""
    pseudo_pairs: float = Field(default=50.0, gt=0)
    """How many pairs the default m probabilities count for when m is smoothed."""
    highest_weight: float = Field(default=22.0, gt=0, le=100)
    """Bound in bits above which no level may rise."""
    label_pairs: int = Field(default=100, ge=1)
    """Labelled matches count for the m of a comparison from so many on, each as one match; fewer
    are only shown beside it."""
    strong_identifiers: list[ColumnName] = ["fingerprint_id", "fbi_number"]
    """Columns that two records share only if they are one target's, but for slips: what such
    records say of m is shown beside it."""
    use_strong_identifiers: bool = False
    """Whether that counts for m, too, from `label_pairs` pairs on: where those who have such
    numbers are like everybody else."""


class EntitySettings(Section):
    """``[person]`` or ``[organization]``: comparisons, blocking rules, thresholds, model in use."""

    model: str | None = None
    """Directory of the model; the shipped one unless given."""
    expected_records: int | None = Field(default=None, ge=2)
    """How many records there will be about: the prior of a model trained on fewer or more is
    scaled to it. A number of the configuration and not tonight's, so that weights do not change
    from night to night."""
    link_threshold: float | None = Field(default=None, gt=0, lt=1)
    """Least match probability of a link; the one the model set itself when it was trained unless
    given."""
    review_threshold: float = Field(default=0.5, gt=0, lt=1)
    identity_floor: float | None = None
    """Least weight in bits that identity and biometric comparisons alone must give a link, so
    that neither contacts nor a household's name and address merge two people; what the model found
    it to be when it was trained unless given."""
    max_entity_records: int = Field(default=5000, ge=2, le=1_000_000_000)
    """Links that would make a larger entity are cut, in the ledger, and reported."""
    shared_value_limit: int = Field(default=5, ge=1)
    """How many otherwise unlike records may hold one value of an identifier; what more of them
    hold makes no pairs and counts as missing, and is reported as shared."""
    max_pairs_per_record: float = Field(default=80.0, gt=0, le=1e9)
    """Budget of all rules together, and of each rule, in candidate pairs a record."""
    max_records_per_key: int = Field(default=200, ge=2, le=1_000_000_000)
    """Keys shared by more records are refined or left to other rules, counted and reported."""
    comparisons: list[ComparisonSettings] = Field(alias="comparison", default=[], min_length=1)
    blocking: list[BlockingRule] = Field(default=[], min_length=1, max_length=256)
    """At most so many as a rule's number, one byte, can tell apart."""
    training: TrainingSettings = TrainingSettings()

    @model_validator(mode="after")
    def _thresholds_are_ordered(self) -> Self:
        if self.link_threshold is not None and self.review_threshold > self.link_threshold:
            raise ValueError("review_threshold must not be above link_threshold")
        return self

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for what, items in (("comparison", self.comparisons), ("blocking", self.blocking)):
            names = [item.name for item in items]
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"{what}: the name {name!r} is used twice")
        return self


class Config(Section):
    """A whole configuration file."""

    store: StoreSettings
    link: LinkSettings = LinkSettings()
    gate: GateSettings = GateSettings()
    drift: DriftSettings = DriftSettings()
    service: ServiceSettings = ServiceSettings()
    audit: AuditSettings = AuditSettings()
    review: ReviewSettings = ReviewSettings()
    models: ModelsSettings = ModelsSettings()
    sources: list[Source] = Field(alias="source", min_length=1)
    person: EntitySettings
    organization: EntitySettings

    _base: Path = PrivateAttr(default=Path())

    @model_validator(mode="after")
    def _source_names_are_unique(self) -> Self:
        names = [source.name for source in self.sources]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"source: the name {name!r} is used twice")
        return self

    def settings_of(self, entity_type: EntityType) -> EntitySettings:
        """Return the section of one entity type."""
        return self.person if entity_type == "person" else self.organization

    @property
    def entity_types(self) -> list[EntityType]:
        """The entity types that at least one source holds, people first."""
        present = {source.entity for source in self.sources}
        return [entity for entity in ("person", "organization") if entity in present]

    @property
    def once(self) -> frozenset[str]:
        """The names of the sources that hold no duplicates."""
        return frozenset(source.name for source in self.sources if not source.duplicates)

    @property
    def base(self) -> Path:
        """The directory that relative paths start from."""
        return self._base

    def based_at(self, directory: Path) -> Self:
        """Return this configuration with relative paths starting from `directory`."""
        copy = self.model_copy()
        copy._base = directory  # noqa: SLF001 - a fresh copy of this very class
        return copy

    def resolve(self, path: str | Path) -> Path:
        """Return `path` as it stands if absolute, else from the configuration's base directory.

        Raises:
            RuntimeError: It starts at the home of a user who has none.
        """
        return self._base / Path(path).expanduser()


def canonical_fields(entity: EntityType) -> tuple[str, ...]:
    """Return every canonical field that a source of this entity type may map."""
    own = PERSON_FIELDS if entity == "person" else ORGANIZATION_FIELDS
    return (*own, *CONTEXT)
