"""The stories of intelligence reports: invented sentences around the values of the record."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

_PEOPLE: Final = (
    "Source reported that {name} arranges transport near {city}. Contact number {phone}.",
    "{name} was identified as a driver of loads toward {city}. Vehicle plate {plate}.",
    "A caller stated that {name} keeps people in a house in {city} and answers {phone}.",
    "Surveillance placed {name} at a meeting in {city}; plate {plate} was seen outside.",
    "Detained migrants named {name} as the person who collected payment in {city}.",
    "{name} is said to recruit guides. Last known area {city}. No further information.",
)
_ORGANIZATIONS: Final = (
    "{name} is reported to move people through {city}. Contact number {phone}.",
    "Vehicles of {name} were seen loading at night in {city}.",
    "Payments to {name} of {city} passed through accounts under review; phone {phone}.",
    "Source stated that {name} rents houses in {city} for short stays.",
)


def person_narratives(rng: np.random.Generator, records: pl.DataFrame) -> pl.Series:
    """Return a story for each record; needs subject, city, phones and plates."""
    values = {
        "name": pl.col("subject"),
        "city": pl.col("city"),
        "phone": pl.col("phones").list.first(),
        "plate": pl.col("plates").list.first(),
    }
    return _stories(rng, records, _PEOPLE, values)


def organization_narratives(rng: np.random.Generator, records: pl.DataFrame) -> pl.Series:
    """Return a story for each record; needs name, city and phones."""
    values = {
        "name": pl.col("name"),
        "city": pl.col("city"),
        "phone": pl.col("phones").list.first(),
    }
    return _stories(rng, records, _ORGANIZATIONS, values)


def _stories(
    rng: np.random.Generator,
    records: pl.DataFrame,
    templates: tuple[str, ...],
    values: dict[str, pl.Expr],
) -> pl.Series:
    text = pl.Series("narrative", templates).gather(rng.integers(0, len(templates), len(records)))
    frame = records.with_columns(text)
    story = pl.col("narrative")
    for name, value in values.items():
        story = _filled(story, name, value.fill_null("unknown"))
    return frame.select(story.alias("narrative")).to_series()


def _filled(story: pl.Expr, name: str, value: pl.Expr) -> pl.Expr:
    """Put the value where its name stands in braces; each occurs at most once."""
    slot = "{" + name + "}"
    parts = story.str.splitn(slot, 2).struct
    tail = parts.field("field_1")
    return parts.field("field_0") + pl.when(tail.is_null()).then(pl.lit("")).otherwise(value + tail)
