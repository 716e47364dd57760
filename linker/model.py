"""`LinkageModel`: a trained Fellegi-Sunter model, independent of any SQL dialect.

The file `model.json` holds everything that scoring needs but the term frequencies, which lie
beside it in ``tf/<column>.parquet`` (columns: the column's own name, text, ``tf``, a share
between 0 and 1, and of words that keep company ``groups``, numbers of 32 bits: by group, how many
times more common the word is there).
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Annotated, Any, Final, Self

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from linker.config import ComparisonRole, EntitySettings, LevelSettings
from linker.config.levels import order_mistake
from linker.errors import ModelError
from linker.schemas import MENTIONS, EntityType

MODEL_FORMAT: Final = 1
"""Version of the layout of `model.json`; a model of a later one is refused."""
MOST_PRIOR: Final = 0.5
"""No prior is scaled beyond this."""


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


DEFAULT_LINK_THRESHOLD: Final = 0.95
"""Of a model that set none."""
DEFAULT_IDENTITY_FLOOR: Final = 3.0
"""Of a model that found out nothing of households."""


class LeftOver(_Noun):
    """What being left over weighs between two sources without duplicates, in bits.

    Left over is a record that has no other partner in the other source.
    """

    sources: tuple[str, str]
    weight: float = Field(gt=0)


class Thresholds(_Noun):
    """What makes a link: probabilities between 0 and 1, and weights in bits.

    `link` and `review` are the least match probabilities of a link and of a possible link,
    `identity_floor` the least weight that identity and biometric comparisons alone give a link;
    `left_over` helps pairs to both of which neither record has another partner.
    """

    link: float
    review: float
    identity_floor: float
    left_over: tuple[LeftOver, ...] = ()

    @property
    def numbers(self) -> dict[str, float]:
        """The two probabilities and the floor, by name: what a configuration may set."""
        return {"link": self.link, "review": self.review, "identity_floor": self.identity_floor}


class TrainedLevel(_Noun):
    """A comparison level with its parameters.

    `m` and `u` are probabilities among matches and non-matches; both are None on a level that
    says that something is missing, whose weight is 0.
    """

    level: LevelSettings
    label: str
    m: float | None = None
    u: float | None = None
    term_frequency: str | None = None
    """The column whose term frequencies adjust this level's weight."""
    relatives: float | None = Field(default=None, gt=0, le=1)
    """The share of relatives under one roof who meet this level."""

    @property
    def is_missing(self) -> bool:
        """Whether the level means that there is nothing to compare."""
        return self.level.is_missing

    @property
    def weight(self) -> float:
        """The match weight log2(m / u) in bits, 0 for a missing level.

        Raises:
            ModelError: The level is untrained.
        """
        if self.is_missing:
            return 0.0
        if self.m is None or self.u is None:
            raise ModelError(f"level {self.label!r} has no trained weight")
        return math.log2(self.m / self.u)

    @property
    def identity_cap(self) -> float:
        """The most the level says of who someone is, in bits: log2(m / relatives), or infinity.

        A household shares family name, address and telephone, so that evidence of identity has to
        tell its members apart.
        """
        if self.relatives is None or self.m is None:
            return math.inf
        return math.log2(self.m / self.relatives)


class TrainedComparison(_Noun):
    """A comparison: its levels from best to worst, the last one "else"."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    role: ComparisonRole
    levels: tuple[TrainedLevel, ...]


class LinkageModel(_Noun):
    """A trained model of one entity type.

    `prior` is the probability that two random records match. `comparisons_left_out` names the
    comparisons whose fields were empty in the training data.
    """

    format: int = MODEL_FORMAT
    entity_type: EntityType
    version: str
    prior: float = Field(gt=0, lt=1)
    comparisons: tuple[TrainedComparison, ...]
    comparisons_left_out: tuple[str, ...] = ()
    term_frequency_floors: dict[str, Annotated[float, Field(gt=0, le=1)]] = {}
    """Column: the term frequency of a value that the training data did not hold."""
    term_frequency_words: dict[str, str] = {}
    """Column: the list column of its words; see `TrainingSettings.term_frequency_words`."""
    term_frequency_groups: dict[str, tuple[Annotated[float, Field(gt=0, lt=1)], ...]] = {}
    """List column of words: the share of each group of words that keep company."""
    term_frequency_alone: dict[str, Annotated[float, Field(gt=0, le=1)]] = {}
    """List column of words: of all words of names, the share that are a name by themselves."""
    link_threshold: float | None = Field(default=None, gt=0, lt=1)
    """The least match probability of a link, as found from the weights of candidate pairs."""
    identity_floor: float | None = None
    """The least identity weight of a link, in bits, as found from households."""
    left_over: tuple[LeftOver, ...] = ()
    """What being left over weighs between sources without duplicates, as found once the links were
    known."""
    training: dict[str, Any] = {}
    """How it was trained: seed, records, pairs, sessions, library versions, data digest."""

    @model_validator(mode="after")
    def _every_level_is_trained(self) -> Self:
        for comparison in self.comparisons:
            for level in comparison.levels:
                trained = all(0 < (share or 0) <= 1 for share in (level.m, level.u))
                if not level.is_missing and not trained:
                    raise ValueError(
                        f"comparison {comparison.name!r}: level {level.label!r} "
                        "has no trained weight"
                    )
                if level.term_frequency and level.term_frequency not in self.term_frequency_floors:
                    raise ValueError(
                        f"comparison {comparison.name!r}: no term frequencies of "
                        f"{level.term_frequency!r}"
                    )
        for column, words in self.term_frequency_words.items():
            for needed in (column, words):
                if needed not in self.term_frequency_floors:
                    raise ValueError(f"no term frequencies of {needed!r}")
        for words in (*self.term_frequency_groups, *self.term_frequency_alone):
            if words not in self.term_frequency_words.values():
                raise ValueError(f"groups of {words!r}, whose words make up no column")
        return self

    def thresholds(self, settings: EntitySettings) -> Thresholds:
        """Return the thresholds in use: what the configuration says, else what the model found."""
        link = settings.link_threshold or self.link_threshold or DEFAULT_LINK_THRESHOLD
        floors = (settings.identity_floor, self.identity_floor, DEFAULT_IDENTITY_FLOOR)
        return Thresholds(
            link=max(link, settings.review_threshold),
            review=settings.review_threshold,
            identity_floor=next(floor for floor in floors if floor is not None),
            left_over=self.left_over,
        )

    @property
    def prior_weight(self) -> float:
        """The prior as a weight in bits, log2(prior / (1 - prior))."""
        return math.log2(self.prior / (1 - self.prior))

    @property
    def term_frequency_columns(self) -> tuple[str, ...]:
        """The columns whose term frequencies the model uses, in order."""
        return tuple(sorted(self.term_frequency_floors))

    @property
    def adjusting_columns(self) -> tuple[str, ...]:
        """The columns whose term frequencies adjust a level, in order; others are of words."""
        levels = (level for comparison in self.comparisons for level in comparison.levels)
        return tuple(sorted({level.term_frequency for level in levels if level.term_frequency}))

    def comparison(self, name: str) -> TrainedComparison:
        """Return the comparison of that name.

        Raises:
            KeyError: There is none.
        """
        for comparison in self.comparisons:
            if comparison.name == name:
                return comparison
        raise KeyError(name)


class ModelInUse(_Noun):
    """A model read from its directory, with its term frequencies and a digest of both."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    model: LinkageModel
    term_frequencies: dict[str, pl.DataFrame]
    """Column: a frame of that column (text), ``tf`` (share between 0 and 1) and, of words that keep
    company, ``groups`` (list of float32, null where the word's company is not known)."""
    digest: str

    @property
    def name(self) -> str:
        """Entity type, version and the first digits of the digest: ``person/1@3f2a9c01``."""
        return f"{self.model.entity_type}/{self.model.version}@{self.digest[:8]}"

    def for_records(self, records: int) -> ModelInUse:
        """Return the model with the prior it would have among so many records.

        Matches grow with the records, pairs with their square, so the prior falls as records grow.

        Args:
            records: How many records there are about.

        Raises:
            ModelError: The model does not say how many records it was trained on.
        """
        trained_on = self.model.training.get("records")
        if not isinstance(trained_on, int) or trained_on < 1:
            raise ModelError(
                f"model {self.name} does not say how many records it was trained on, so its prior "
                "cannot be scaled; leave expected_records out"
            )
        prior = min(self.model.prior * trained_on / records, MOST_PRIOR)
        training = {**self.model.training, "records": records}
        model = self.model.model_copy(update={"prior": prior, "training": training})
        return self.model_copy(update={"model": model})


def weight_of(probability: float) -> float:
    """Return the match weight log2(p / (1 - p)) in bits of a match probability."""
    return math.log2(probability / (1 - probability))


def read_model(directory: Path, entity_type: EntityType) -> ModelInUse:
    """Read a model from its directory.

    Args:
        directory: Holds `model.json` and ``tf/``.
        entity_type: What the model is to be used for.

    Raises:
        ModelError: The model is missing, damaged, untrained, of a later format or of the other
            entity type.
    """
    path = directory / "model.json"
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise ModelError(f"{directory}: no model there (no model.json); run linker train") from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {type(error).__name__}") from None
    model = _parse(text, path)
    if model.entity_type != entity_type:
        raise ModelError(
            f"{directory}: is a model of {model.entity_type}, not of {entity_type}; "
            f"set {entity_type}.model to another directory"
        )
    for comparison in model.comparisons:
        mistake = order_mistake([level.level for level in comparison.levels])
        if mistake:
            raise ModelError(f"{path}: comparison {comparison.name!r}: {mistake}; retrain it")
    digest = hashlib.sha256(text)
    frames: dict[str, pl.DataFrame] = {}
    for column in model.term_frequency_columns:
        if column not in MENTIONS[entity_type]:  # checked before it becomes a path
            raise ModelError(f"{path}: term frequencies of unknown column {column!r}; retrain it")
        tf_path = directory / "tf" / f"{column}.parquet"
        groups = len(model.term_frequency_groups.get(column, ()))
        content, frames[column] = _read_term_frequencies(tf_path, column, groups)
        digest.update(content)
    return ModelInUse(model=model, term_frequencies=frames, digest=digest.hexdigest())


def _read_term_frequencies(path: Path, column: str, groups: int) -> tuple[bytes, pl.DataFrame]:
    """Return the file as it is and its table, of words with the numbers of so many groups."""
    try:
        content = path.read_bytes()
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError):
        raise ModelError(f"{path}: term frequencies are missing or damaged") from None
    expected: dict[str, pl.DataType] = {column: pl.String(), "tf": pl.Float64()}
    if groups:
        expected["groups"] = pl.List(pl.Float32())
    if dict(frame.schema) != expected:
        raise ModelError(f"{path}: expected the columns {' and '.join(expected)}")
    # a value that stood there twice would score its pairs twice
    if frame[column].has_nulls() or frame[column].n_unique() < frame.height:
        raise ModelError(f"{path}: term frequencies are damaged: each value must be there once")
    if not frame["tf"].is_between(0, 1, closed="right").all(ignore_nulls=False):
        raise ModelError(f"{path}: term frequencies are damaged: tf must be a share up to 1")
    if groups:
        given = frame["groups"].drop_nulls()
        numbers = given.explode()
        whole = (given.list.len() == groups).all() and not numbers.has_nulls()
        if not (whole and (numbers.is_finite() & (numbers > 0)).all()):
            raise ModelError(
                f"{path}: term frequencies are damaged: groups must be {groups} positive numbers"
            )
    return content, frame


def _parse(text: bytes, path: Path) -> LinkageModel:
    try:
        return LinkageModel.model_validate_json(_refuse_later_format(text, path))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise ModelError(f"{path}: {place + ': ' if place else ''}{message}") from None


def _refuse_later_format(text: bytes, path: Path) -> bytes:
    class Format(BaseModel):
        format: int

    try:
        found = Format.model_validate_json(text).format
    except ValidationError:
        raise ModelError(f"{path}: is not a model file") from None
    if found != MODEL_FORMAT:
        raise ModelError(
            f"{path}: has model format {found}, this version reads format {MODEL_FORMAT}; "
            "retrain the model or install the version of linker that wrote it"
        )
    return text
