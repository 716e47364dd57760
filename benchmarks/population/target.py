"""The target of the demo: somebody in open cases of two units that do not know of each other."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.population.calendar import AS_OF, as_dates
from benchmarks.population.cases import is_open
from benchmarks.population.people import Columns
from benchmarks.population.person_records import World
from benchmarks.population.profiles import CASE

SPOILING: Final = (
    "alias",
    "alias_on_file",
    "placeholder_number",
    "family_first",
    "given_family_swapped",
    "nickname",
    "romanisation",
    "birth_date_missing",
    "birth_year_only",
    "birth_year_drift",
    "day_month_swapped",
    "one_digit_off",
    "other_a_number",
    "identifier_typo",
    "stolen_identifier",
)
"""Errors that the records of the target shall not have, so that they link."""

BEST: Final = 15
Target = dict[str, Any]


def find_target(
    world: World,
    people: tuple[Columns, pl.DataFrame],
    records: pl.DataFrame,
) -> tuple[int, Target | None]:
    """Return the best target of a chunk and how good it is.

    Args:
        world: Names and cases.
        people: The chunk's people with homes, and their papers.
        records: One row a record of a person: who, source (number in `SOURCES`), record_id,
            true_id, kinds, a_number, case (null outside cases).

    Returns:
        A score (`BEST` at most) and the target; 0 and nothing where nobody stands in cases of two
        units.
    """
    cases = world.cases
    in_case = records.filter(pl.col("source") == CASE)
    codes = in_case["case"].to_numpy()
    in_case = in_case.with_columns(
        unit=pl.Series(cases.unit[codes]),
        open=pl.Series(is_open(cases, codes) & ~cases.joint[codes]),
        clean=pl.col("kinds").list.set_intersection(list(SPOILING)).list.len() == 0,
        numbered=pl.col("a_number").is_not_null(),
    )
    in_case = in_case.with_columns(
        good=pl.col("open") & pl.col("clean"),
        best=pl.col("open") & pl.col("clean") & pl.col("numbered"),
    )
    groups = in_case.group_by("who").agg(
        pl.col("unit").n_unique().alias("units"),
        *(
            (pl.col("unit").filter(column).n_unique() >= 2).cast(pl.Int64).alias(column)
            for column in ("open", "good", "best")
        ),
    )
    groups = groups.filter(pl.col("units") >= 2).sort("who")
    if groups.is_empty():
        return 0, None
    who = groups["who"].to_numpy()
    two_names = (people[0]["family_2"][who] > 0).astype(np.int64)
    worth = groups.select(8 * pl.col("open") + 4 * pl.col("good") + 2 * pl.col("best")).to_series()
    score = worth.to_numpy() + two_names
    chosen = int(np.argmax(score))
    person = int(who[chosen])
    return int(score[chosen]), _target(
        world, people, in_case.filter(pl.col("who") == person), person
    )


def _target(
    world: World, people: tuple[Columns, pl.DataFrame], in_case: pl.DataFrame, person: int
) -> Target:
    row = {name: int(values[person]) for name, values in people[0].items()}
    held = people[1].row(person, named=True)
    words = [world.vocabulary.plain[row[name]] for name in ("given", "family_1", "family_2")]
    names = [str(word) for word in words if word is not None]
    # An agent types from memory: no accents, and a letter of the last name is lost.
    names[-1] = names[-1][:-2] + names[-1][-1:]
    query: dict[str, str] = {
        "full_name": " ".join(names),
        "birth_date": str(as_dates(np.array([row["born"]]))[0]),
    }
    if held["a_number"] is not None:
        query["a_number"] = f"A{held['a_number']:09d}"
    elif row["phone_1"] > 0:
        query["phones"] = str(row["phone_1"])
    cases = world.cases
    of_case = [
        {
            "record_id": record["record_id"],
            "agency": cases.units["agency"][record["unit"]],
            "unit": cases.units["unit"][record["unit"]],
            "open": record["open"],
        }
        for record in in_case.sort("record_id").iter_rows(named=True)
    ]
    return {
        "about": "a person whose records in open cases of two units should link",
        "as_of": AS_OF.isoformat(),
        "true_id": in_case["true_id"][0],
        "query": query,
        "cases": of_case,
    }
