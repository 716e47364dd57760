"""Records of organizations: what each says, before a source lays it out."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.population.cases import event_days
from benchmarks.population.contacts import phone_texts, place_texts
from benchmarks.population.draws import Bools, Ints, chance
from benchmarks.population.marks import Marks
from benchmarks.population.organization_errors import PRESENT, organization_numbers, written_names
from benchmarks.population.people import Columns
from benchmarks.population.person_records import World


def organization_records(
    marks: Marks, world: World, true: tuple[Columns, pl.DataFrame], who: Ints, intel: Bools
) -> pl.DataFrame:
    """Return one row a record of what it says.

    Args:
        marks: Draws and remembers; of as many rows as there are records.
        world: Cities and stash houses.
        true: The chunk's organizations.
        who: Row of the organization behind each record.
        intel: Records of intelligence reports; the others are of cases.

    Returns:
        Columns name, kind, registration_id, tax_id, address, city, state, postal_code, country
        (String), also, phones, principals (List[String]), day (Int64, of a report).
    """
    rng, rows = marks.rng, marks.rows
    table = {name: values[who] for name, values in true[0].items()}
    told = true[1][who]

    def present(field: str) -> Bools:
        share = np.array(PRESENT[field])[intel.astype(int)]
        known: Bools = rng.random(rows) < share
        return known

    names = written_names(marks, table["style"], told)
    nobody = pl.Series(marks.draw("principal_missing", np.ones(rows, dtype=np.bool_)))
    two = pl.Series(chance(rng, rows, 0.3))
    plain = pl.Series(chance(rng, rows, 0.6))
    stripped = [
        pl.when(plain)
        .then(pl.col(name).str.normalize("NFD").str.replace_all(r"\p{M}", ""))
        .otherwise(name)
        .alias(name)
        for name in ("principal", "second_principal")
    ]
    principals = pl.concat_list("principal", pl.when(two).then("second_principal"))
    people = told.select(stripped).select(
        pl.when(~nobody).then(principals.list.drop_nulls()).alias("principals")
    )
    known_kind = pl.Series(present("kind"))
    return pl.concat(
        [
            names.select(
                "name", pl.when(pl.col("also").is_not_null()).then(pl.concat_list("also"))
            ),
            told.select(pl.when(known_kind).then("kind").alias("kind")),
            organization_numbers(marks, told, intel),
            place_texts(
                marks, table, world.stash, world.cities, (present("address"), present("city"))
            ),
            phone_texts(marks, table, world.stash, world.cities, present("phones")).to_frame(),
            people,
            pl.DataFrame({"day": event_days(rng, None, rows)}),
        ],
        how="horizontal",
    )
