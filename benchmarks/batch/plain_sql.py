"""Levels that Splink has none of, in DuckDB SQL: as someone would write them who has Splink alone.

So Splink's side is as fast as it can be. What SQL has no words for (names compared word by word,
rare words) is a vectorised function of ours there too, over the same compiled test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from splink import SettingsCreator

from linker.model import TrainedComparison
from linker.scoring.duckdb_functions import functions_needed

_AMONG: Final = "list_contains({list}_r, {column}_l) OR list_contains({list}_l, {column}_r)"

SQL: Final = {
    "initial": "(length({column}_l) = 1 OR length({column}_r) = 1) "
    "AND left({column}_l, 1) = left({column}_r, 1)",
    "prefix": "length({column}_l) >= {length} "
    "AND left({column}_l, {length}) = left({column}_r, {length})",
    "among": _AMONG,
    "name_or_alias": "{column}_l = {column}_r OR " + _AMONG + " OR "
    "list_has_any({list}_l, {list}_r)",
    "list_alike": "list_max(list_transform({column}_l, lambda x: list_max(list_transform("
    "{column}_r, lambda y: jaro_winkler_similarity(x, y))))) >= {at_least}",
    "day_month_swapped": "year({column}_l) = year({column}_r) "
    "AND month({column}_l) = day({column}_r) AND day({column}_l) = month({column}_r)",
    "same_month_day": "month({column}_l) = month({column}_r) AND day({column}_l) = day({column}_r)",
    "date_keystrokes": "damerau_levenshtein(CAST({column}_l AS VARCHAR), "
    "CAST({column}_r AS VARCHAR)) <= {at_most}",
}
"""Condition by kind of level; in braces the kind's parameters."""


def in_plain_sql(
    settings: SettingsCreator, comparisons: Sequence[TrainedComparison]
) -> dict[str, Any]:
    """Return settings for DuckDB in which SQL stands in the place of our functions.

    Args:
        settings: Made of the comparisons.
        comparisons: The comparisons; a kind that is not in `SQL` stays a call of our function.
    """
    calls = {
        kind.condition(): f"({SQL[kind.name].format(**kind.model_dump())})"
        for kind in functions_needed(comparisons)
        if kind.name in SQL
    }
    made: dict[str, Any] = settings.create_settings_dict("duckdb")
    for comparison in made["comparisons"]:
        for level in comparison["comparison_levels"]:
            for call, sql in calls.items():
                level["sql_condition"] = level["sql_condition"].replace(call, sql)
    return made
