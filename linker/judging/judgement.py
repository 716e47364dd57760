"""A judgement: how good a model was found to be by one truth, as it stands in `metrics.json`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from linker.errors import ModelError
from linker.training.smooth import rounded

METRICS: Final = "metrics.json"
"""The file of a model's directory that holds its judgements, the newest last."""

TruthKind = Literal["pairs", "clusters", "decisions", "silver"]
Number = Annotated[float, AfterValidator(rounded)]
"""A number to nine digits."""
Interval = tuple[Number, Number, Number]
"""A figure and its 95% interval: the value, the low end, the high end."""


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Figures(_Noun):
    """How well links and entities agree with the truth; shares between 0 and 1.

    Attributes:
        pairwise_precision: The share of the pairs of records put together that belong together.
        pairwise_recall: The share of the pairs that belong together that were put together.
        pairwise_f1: The harmonic mean of the two.
        b3_precision: B-cubed precision; None where only pairs are known, as whole entities are not.
        b3_recall: B-cubed recall; None as before.
        b3_f1: The harmonic mean of the two; None as before.
    """

    pairwise_precision: Interval
    pairwise_recall: Interval
    pairwise_f1: Interval
    b3_precision: Interval | None = None
    b3_recall: Interval | None = None
    b3_f1: Interval | None = None


class Group(Figures):
    """The figures of one part of the truth; see `Figures`."""

    name: str
    records: int


class TruthFacts(_Noun):
    """Which truth a model was judged by.

    Attributes:
        kind: Labelled pairs, whole clusters, clerical decisions or a strong identifier.
        name: The file's name, ``decisions``, or the identifier's field.
        digest: SHA-256 of the truth as it was read: the same truth has the same digest.
        records: How many records it says something of.
        true_pairs: How many pairs of them belong together.
    """

    kind: TruthKind
    name: str
    digest: str
    records: int
    true_pairs: int


class DataFacts(_Noun):
    """Which records were linked; see `linker.night.records.Records`."""

    origin: str
    digest: str
    total: int
    sampled: int


class ThresholdFacts(_Noun):
    """The thresholds in use: two probabilities, and a weight in bits."""

    link: Number
    review: Number
    identity_floor: Number


class CurvePoint(_Noun):
    """What precision and recall of pairs would be if every pair from a weight on were a link."""

    weight: Number
    probability: Number
    precision: Number
    recall: Number
    f1: Number


class ReliabilityBin(_Noun):
    """Pairs whose match probability lies in a range.

    Attributes:
        low: Where the range begins.
        high: Where it ends.
        pairs: How many there are.
        expected: Their mean match probability.
        observed: The share of them that match.
    """

    low: Number
    high: Number
    pairs: int
    expected: Number
    observed: Number


class Reliability(_Noun):
    """How far match probability is from the share that matches; `error` is the ECE."""

    error: Number
    bins: tuple[ReliabilityBin, ...]


class Calibration(_Noun):
    """Match probability held against the truth, before and after a map fitted on other entities.

    Attributes:
        pairs: How many pairs it was judged on.
        before: Of the model's own match probability.
        after: Of the calibrated one.
        map: The calibrated match probability at some match weights, ascending; between two of them
            it lies on the line between.
    """

    pairs: int
    before: Reliability
    after: Reliability
    map: tuple[tuple[Number, Number], ...]


class RuleRecall(_Noun):
    """True pairs that a blocking rule finds, and those that only this rule finds; shares."""

    rule: str
    found: Number
    only: Number


class BlockingRecall(_Noun):
    """Where true pairs are lost: before scoring, or by it.

    Attributes:
        recall: The share of the true pairs that some blocking rule finds.
        by_rule: The same of each rule.
        scoring_recall: Of the true pairs that blocking finds, the share that was put together.
    """

    recall: Number
    by_rule: tuple[RuleRecall, ...]
    scoring_recall: Number


class Unlinkable(_Noun):
    """The share of records that would not link with a copy of themselves: too little in them."""

    share: Number
    threshold: Number


class Proposed(_Noun):
    """The link threshold of the least cost, for one cost of a false merge.

    Attributes:
        false_merge_cost: What a pair of records put together wrongly costs, a missed one costing 1.
        link_threshold: The match probability from which on linking costs least.
        precision: Pairwise precision of the entities at that threshold.
        recall: Pairwise recall, the same.
        cost: Of its false and missed pairs, for each true pair.
    """

    false_merge_cost: Number
    link_threshold: Number
    precision: Number
    recall: Number
    cost: Number


class Judgement(_Noun):
    """How good a model was found to be by one truth.

    Attributes:
        at: When, ISO 8601.
        model: `linker.model.ModelInUse.name`.
        truth: What it was judged by.
        data: What was linked.
        thresholds: Those in use.
        overall: The figures of all records of the truth.
        groups: By kind of group (``culture``, ``source_pair``, ``missing``): those of its parts.
        curve: Precision and recall over thresholds, by weight ascending.
        calibration: None where too few pairs have a known answer.
        blocking: Where true pairs are lost.
        unlinkable: Records that hold too little to be linked.
        proposed: Link thresholds for the costs that were stated.
        notes: What the reader has to know, a sentence each.
    """

    at: str
    model: str
    truth: TruthFacts
    data: DataFacts
    thresholds: ThresholdFacts
    overall: Figures
    groups: dict[str, tuple[Group, ...]]
    curve: tuple[CurvePoint, ...]
    calibration: Calibration | None
    blocking: BlockingRecall
    unlinkable: Unlinkable
    proposed: tuple[Proposed, ...]
    notes: tuple[str, ...]


class _Judgements(BaseModel):
    """The content of `METRICS`."""

    judgements: list[Judgement]


def read_judgements(directory: Path) -> list[Judgement]:
    """Return the judgements of a model, the newest last; none where it was never judged.

    Args:
        directory: The model's.

    Raises:
        ModelError: The file is damaged or cannot be read.
    """
    path = directory / METRICS
    try:
        return _Judgements.model_validate_json(path.read_bytes()).judgements
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValidationError:
        raise ModelError(
            f"{path}: is damaged or of another version; remove it and run linker evaluate"
        ) from None


def write_judgement(directory: Path, judgement: Judgement) -> Path:
    """Add a judgement to those of a model; an earlier one by the same truth gives way to it.

    Args:
        directory: The model's.
        judgement: The new one.

    Returns:
        The file.

    Raises:
        ModelError: What is there is damaged, or the file cannot be written.
    """
    digest = judgement.truth.digest
    kept = [known for known in read_judgements(directory) if known.truth.digest != digest]
    told = {"judgements": [known.model_dump(mode="json") for known in [*kept, judgement]]}
    path = directory / METRICS
    aside = path.with_name(f".{METRICS}.writing")
    try:
        aside.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        os.replace(aside, path)  # noqa: PTH105 - over what is there
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise ModelError(f"{path}: cannot be written: {error.strerror or error}") from None
    return path
