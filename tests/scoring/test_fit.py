"""Whether comparisons fit the columns of mentions."""

from __future__ import annotations

from typing import Any

import pytest

from linker.config import ComparisonSettings, EntitySettings
from linker.config.load import default_settings
from linker.errors import ConfigError, ModelError
from linker.schemas import ENTITY_TYPES, EntityType
from linker.scoring.fit import refuse_bad_comparisons, refuse_missing_columns
from tests.scoring.models import STRUCTURES, weighed


def comparison(level: dict[str, Any]) -> ComparisonSettings:
    levels = [{"kind": "missing", "of": ["surname"]}, level, {"kind": "else"}]
    return ComparisonSettings.model_validate({"name": "x", "levels": levels})


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_shipped_comparisons_fit(entity_type: EntityType) -> None:
    """Every condition that ships can be put to mentions."""
    settings = EntitySettings.model_validate(default_settings(entity_type))
    refuse_bad_comparisons(settings.comparisons, entity_type)


@pytest.mark.parametrize(
    ("level", "message"),
    [
        ({"kind": "exact", "column": "surnme"}, "unknown column 'surnme'; did you mean 'surname'?"),
        ({"kind": "overlap", "column": "surname"}, "level 'overlap' cannot compare"),
        ({"kind": "jaro_winkler", "column": "phones", "at_least": 0.9}, "cannot compare"),
        ({"kind": "day_month_swapped", "column": "birth_year"}, "cannot compare"),
        ({"kind": "exakt", "column": "surname"}, "did you mean 'exact'?"),
    ],
)
def test_a_level_that_cannot_be_put_to_mentions_is_refused(
    level: dict[str, Any], message: str
) -> None:
    """A column that is unknown, or of a type the level cannot compare, is one line."""
    with pytest.raises(ConfigError) as caught:
        refuse_bad_comparisons([comparison(level)], "person")
    assert str(caught.value).startswith("person: comparison 'x'")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_that_does_not_know_how_common_words_are_is_refused() -> None:
    """Levels that compare words by rarity need the term frequencies of these words."""
    model = weighed(STRUCTURES["organizations"], 0).model
    refuse_missing_columns(model)
    floors = {c: floor for c, floor in model.term_frequency_floors.items() if c != "aliases"}
    lacking = model.model_copy(update={"term_frequency_floors": floors})
    with pytest.raises(ModelError, match="no term frequencies of 'aliases'; retrain it"):
        refuse_missing_columns(lacking)
