"""Records of organizations: what each says, before a source lays it out."""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.population.cases import event_days
from benchmarks.population.contacts import phone_texts, place_texts
from benchmarks.population.draws import Bools, Ints, chance
from benchmarks.population.findable import Evidence
from benchmarks.population.marks import Marks
from benchmarks.population.organization_errors import (
    PRESENT,
    organization_numbers,
    profiles,
    written_names,
)
from benchmarks.population.people import Columns
from benchmarks.population.person_records import World


def organization_records(
    marks: Marks, world: World, true: tuple[Columns, pl.DataFrame], who: Ints, intel: Bools
) -> tuple[pl.DataFrame, Evidence, Bools]:
    """Return one row a record of what it says, and what that is worth.

    Args:
        marks: Draws and remembers; of as many rows as there are records.
        world: Cities and stash houses.
        true: The chunk's organizations.
        who: Row of the organization behind each record.
        intel: Records of intelligence reports; the others are of cases.

    Returns:
        Columns name, kind, registration_id, tax_id, address, city, state, postal_code, country
        (String), also, phones, principals (List[String]), day (Int64, of a report); what each
        record shows of its organization; and the records under its other trading name.
    """
    rng, rows = marks.rng, marks.rows
    table = {name: values[who] for name, values in true[0].items()}
    told = true[1][who]
    profile = profiles(rng, intel)

    def present(field: str) -> Bools:
        known: Bools = rng.random(rows) < np.array(PRESENT[field])[profile]
        return known

    names, (under, listed, initials) = written_names(marks, table["style"], told)
    nobody = marks.draw("principal_missing", np.ones(rows, dtype=np.bool_))
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
        pl.when(~pl.Series(nobody)).then(principals.list.drop_nulls()).alias("principals")
    )
    known_kind = pl.Series(present("kind"))
    own, own_numbers = organization_numbers(marks, told, profile)
    places, home = place_texts(
        marks, table, world.stash, world.cities, (present("address"), present("city"))
    )
    phones, own_phones = phone_texts(marks, table, world.stash, world.cities, present("phones"))
    evidence = Evidence(who)
    # A trading name says who, but initials do not; who does not use it shares it by listing it.
    evidence.add("name", (1 + under) * ~initials)
    evidence.add("name", (2 - under.astype(np.int64)) * listed)
    for name, shows in own_numbers.items():
        evidence.add(name, shows)
    evidence.add("home", home)
    evidence.add("phone", own_phones[0] * 1)
    evidence.add("phone", own_phones[1] * 2)
    records = pl.concat(
        [
            names.select(
                "name", pl.when(pl.col("also").is_not_null()).then(pl.concat_list("also"))
            ),
            told.select(pl.when(known_kind).then("kind").alias("kind")),
            own,
            places,
            phones.to_frame(),
            people,
            pl.DataFrame({"day": event_days(rng, None, rows)}),
        ],
        how="horizontal",
    )
    return records, evidence, under
