"""``[drift]``: how far the data may move from what a model was trained on."""

from __future__ import annotations

from pydantic import Field

from linker.config.section import Section


class DriftSettings(Section):
    """``[drift]``: beyond one of these limits, and beyond chance, a model is due for retraining."""

    fill_change: float = Field(default=0.1, gt=0, le=1)
    """By how much the share of records that have a field may rise or fall."""
    level_shift: float = Field(default=0.25, gt=0)
    """How far the levels that links meet may shift, as a population stability index."""
    weight_shift: float = Field(default=0.25, gt=0)
    """How far the match weights of pairs may shift, as a population stability index."""
    pairs_change: float = Field(default=0.5, gt=0)
    """By how much the pairs above the review threshold a record may rise; or fall as many times."""
    links_change: float = Field(default=0.3, gt=0)
    """By how much the links a record may rise; or fall as many times."""
    unknown_gain: float = Field(default=0.1, gt=0, le=1)
    """By how much the share of values that the model does not know may rise."""
    records_times: float = Field(default=3.0, gt=1)
    """How many times as many, or as few, records there may be as the model's prior is for."""
    source_share: float = Field(default=0.05, gt=0, le=1)
    """Sources of a smaller share of the records are told of, and make no model due."""
