"""Every rate of the population, with its default, what it means and where it comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.population.cultures import CULTURES
from linker.errors import UsageError, nearest


def _rate(default: float, about: str) -> float:
    value: float = field(default=default, metadata={"about": about})
    return value


@dataclass(frozen=True)
class Rates:
    """Shares between 0 and 1.

    A rate of a record counts among the records that can show it at all: `surname_dropped` among
    records of people with two family names, `day_month_swapped` among birth dates that a swap
    leaves valid. What each is grounded on stands in its text: a report or paper in brackets, or the
    plain word assumption. Assumptions are chosen so that a kind is frequent enough to measure.
    Where sources differ the rate lies between them, and the text says so.

    Sources named in short:
        III: Interstate Identification Index Name Check Efficacy, report of the national task force
            to the United States Attorney General, NCJ 179358, 1999: name checks against
            fingerprints of 93,274 applicants.
        OIG 2012: DHS Office of Inspector General, OIG-12-111: in the fingerprint records of
            travellers, 825,000 instances, 0.2 percent, of one set of prints with differing
            biographic data, from misspelt names and transposed birth dates to entirely other ones.
        Tucson: Wang, Atabakhsh, Petersen and Chen, Discovering Identity Problems: A Case Study,
            2005: of suspects in police records, 30 percent had used a false identity, 42 percent
            had a record with unintended errors.
        HES: Harron and others, BMC Medical Research Methodology 17:23, 2017: birth date or sex
            wrong in 0.11 percent of English hospital records of the young.
        Numident: Social Security Administration, Office of the Inspector General, A-08-06-26100,
            2006: name, birth date or citizenship discrepant in 4.1 percent of records.
        Sentencing: United States Sentencing Commission, Quick Facts, fiscal year 2023.
        OFAC: counted on the sanctions list of the United States Treasury (4,620 people).
    """

    # Who the people are. Shares of people.
    hispanic: float = _rate(
        0.45,
        "Hispanic names of Mexico, the Caribbean, the United States; 80 % of those sentenced for "
        "alien smuggling are Hispanic, lowered so that others can be measured [Sentencing]",
    )
    central_american: float = _rate(
        0.11,
        "names of Guatemala, Honduras, El Salvador: a quarter of Mexico's, as among sentenced "
        "non-citizens [Sentencing]",
    )
    anglo: float = _rate(0.22, "names as the United States census lists them; assumption")
    chinese: float = _rate(0.06, "people with Chinese names; assumption")
    arabic: float = _rate(0.05, "people with Arabic names; assumption")
    south_asian: float = _rate(0.04, "people with Indian and Pakistani names; assumption")
    brazilian: float = _rate(0.02, "people with Brazilian names; assumption")
    vietnamese: float = _rate(0.015, "people with Vietnamese names; assumption")
    west_african: float = _rate(0.02, "people with names of Senegal to Nigeria; assumption")
    eastern_european: float = _rate(
        0.015, "people with Ukrainian, Russian, Romanian or Georgian names; assumption"
    )
    female: float = _rate(0.23, "women; 23.2 % of those sentenced for alien smuggling [Sentencing]")
    rare_family_name: float = _rate(
        0.12,
        "family name outside the lists; the 1,000 most frequent of Faker cover less than half of "
        "the United States; assumption",
    )
    household: float = _rate(
        0.12, "people who share family name, address, phone with another; assumption"
    )
    father_and_son: float = _rate(
        0.006,
        "sons who bear their father's whole name, and whose father stands in the data: one in "
        "seven of one in 25; assumption",
    )
    suffix_given: float = _rate(
        0.6, "such sons of Anglo families who are called Jr, others a fifth as often; assumption"
    )
    twin: float = _rate(
        0.0025,
        "twins of another: 24 in 1,000 people are twins (Monden, Pison and Smits, Human "
        "Reproduction, 2021); that one pair in five stands in the data is an assumption",
    )
    birth_day_unknown: float = _rate(
        0.14,
        "Arabic, South Asian, West African people with 1 January on every paper: nearly 11,000 of "
        "nearly 80,000 refugees of 2009 (State Department, in the Los Angeles Times, 2009)",
    )
    alias_held: float = _rate(
        0.06,
        "people who hold a false name: between 0.2 % of travellers [OIG 2012] and the one in nine "
        "whose record a name check misses [III]; 30 % of suspects count smaller changes [Tucson]",
    )
    many_aliases: float = _rate(
        0.05, "holders of a false name who hold eight; nine names on one set of prints [OIG 2012]"
    )
    several_a_numbers: float = _rate(
        0.07, "people with an A-number who have a second one; assumption"
    )
    stolen_identifier: float = _rate(0.004, "people who use the numbers of a stranger; assumption")
    named_after_leader: float = _rate(
        0.06, "organizations that bear their leader's name; assumption"
    )
    front: float = _rate(
        0.08, "organizations that are a front of a criminal one, sharing what it has; assumption"
    )
    generic_name: float = _rate(
        0.35, "fronts whose name says only what they deal in and where; assumption"
    )
    joint_case: float = _rate(0.03, "cases declared joint with another; assumption")
    case_contradictory: float = _rate(
        0.005, "cases closed before they opened, or without status; assumption"
    )
    # Errors in a record of a person. Shares of the records that can show them.
    alias: float = _rate(0.35, "arrests of holders of a false name: they give it; assumption")
    alias_on_file: float = _rate(
        0.12, "case files and reports on holders of a false name: under it; assumption"
    )
    surname_dropped: float = _rate(
        0.20,
        "two family names: one is missing; assumption. That such names scatter: 17 % of the sets "
        "of Hispanic people's records stayed incomplete where two names were taken as one word "
        "(Utah Population Database, International Journal of Population Data Science, 2018)",
    )
    paternal_dropped: float = _rate(
        0.10, "of those, the first family name is the missing one; assumption"
    )
    surname_joined: float = _rate(
        0.03, "two family names as one word; documented in Utah, the rate an assumption"
    )
    surname_hyphenated: float = _rate(0.06, "two family names with a hyphen; assumption")
    surnames_swapped: float = _rate(0.02, "two family names in the wrong order; assumption")
    surname_as_middle: float = _rate(
        0.03, "two family names: the first became a middle name; assumption"
    )
    particle_joined: float = _rate(0.25, "family name with a particle: Delacruz; assumption")
    particle_dropped: float = _rate(0.08, "family name with a particle: only Cruz; assumption")
    given_family_swapped: float = _rate(0.012, "given and family name change places; assumption")
    family_first: float = _rate(
        0.08, "Chinese or Vietnamese name: taken down in its own order; assumption"
    )
    nickname: float = _rate(0.05, "given name with a nickname: it is recorded; assumption")
    romanisation: float = _rate(
        0.15, "Chinese, Arabic, West African, Cyrillic name: spelled another way; assumption"
    )
    middle_dropped: float = _rate(0.35, "middle name missing; assumption")
    middle_initial: float = _rate(0.15, "middle name cut to its first letter; assumption")
    given_initial: float = _rate(0.01, "given name cut to its first letter; assumption")
    suffix_dropped: float = _rate(0.30, "Jr or Sr not written; assumption")
    typo: float = _rate(
        0.04,
        "a letter of the name lost, doubled, swapped or mistaken: with the kinds above about a "
        "fifth of names differ between two records of one person, as in test censuses (Winkler, "
        "Overview of Record Linkage, Census Bureau, 2006)",
    )
    day_month_swapped: float = _rate(
        0.012, "day and month change places; with the next three, between [HES] and [Tucson]"
    )
    birth_year_drift: float = _rate(
        0.018, "the year is wrong, day and month are right; see day_month_swapped"
    )
    birth_year_only: float = _rate(
        0.025,
        "only the year is known: written as 1 January; OFAC knows no more of one date in six, "
        "far more than those who were met; assumption",
    )
    one_digit_off: float = _rate(
        0.018, "one figure of the day or the month is wrong; see day_month_swapped"
    )
    birth_date_missing: float = _rate(
        0.015, "no birth date where the source has one; 4 % of the people of [OFAC] lack it"
    )
    sex_wrong: float = _rate(
        0.002, "the other sex; 0.11 % in hospital [HES], doubled in the field: assumption"
    )
    other_a_number: float = _rate(
        0.35, "people with two A-numbers: the second is recorded; assumption"
    )
    identifier_missing: float = _rate(
        0.05, "every number the record would carry is missing; assumption"
    )
    identifier_typo: float = _rate(
        0.03, "a figure of one number wrong or two swapped; below [Numident] for any field"
    )
    placeholder_number: float = _rate(
        0.003,
        "a made-up number that many records bear; 40,000 reports of earnings came under "
        "078-05-1120, printed on a sample card (Social Security Administration); assumption",
    )
    plate_confused: float = _rate(0.06, "plate read with O for 0, I for 1, B for 8; assumption")
    moved: float = _rate(
        0.35,
        "the record shows an earlier address: 9 to 15 % of people move in a year (Census Bureau, "
        "2009 to 2020), and records of one person lie years apart",
    )
    # Both people and organizations.
    shared_phone: float = _rate(
        0.03, "the phone is a stash house's, shared by strangers; assumption"
    )
    shared_address: float = _rate(
        0.03, "the address is a stash house's, shared by strangers; assumption"
    )
    office_phone: float = _rate(
        0.006, "the phone is a lawyer's, a shelter's or an office's, used by dozens; assumption"
    )
    # Errors in a record of an organization: assumptions, all of them.
    organization_alias: float = _rate(
        0.06, "recorded under its other trading name; half of listed ones have one [OFAC]"
    )
    legal_form_dropped: float = _rate(0.35, "S.A. de C.V. or LLC missing")
    legal_form_changed: float = _rate(0.08, "another legal form")
    word_dropped: float = _rate(0.05, "a name of three words or more lost one")
    words_swapped: float = _rate(0.03, "two words change places")
    abbreviated: float = _rate(0.10, "a usual word cut short: Transp for Transportes")
    translated: float = _rate(0.03, "a usual word in the other language")
    acronym: float = _rate(0.02, "only the initials")
    organization_typo: float = _rate(0.05, "a letter of the name wrong")
    principal_missing: float = _rate(0.25, "nobody named as its principal")

    def __post_init__(self) -> None:
        """Refuse rates outside 0 to 1 and cultures that sum to nothing."""
        for name, value in dataclasses.asdict(self).items():
            if not 0 <= value <= 1:
                raise UsageError(f"rate {name}: {value} is not between 0 and 1")
        if sum(self.cultures) <= 0:
            raise UsageError("rates of hispanic, anglo, ...: at least one must be above 0")

    @property
    def cultures(self) -> tuple[float, ...]:
        """The shares of the cultures, in the order of `cultures.CULTURES`."""
        return tuple(float(getattr(self, name)) for name in CULTURES)


def rates_from(overrides: Iterable[str]) -> Rates:
    """Return the default rates with some replaced.

    Args:
        overrides: Texts such as ``typo=0.1``.

    Raises:
        UsageError: A text has no ``=``, names no rate, or its value is no share.
    """
    valid = [rate.name for rate in dataclasses.fields(Rates)]
    given: dict[str, float] = {}
    for text in overrides:
        name, separator, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not separator:
            raise UsageError(f"--rate {text}: write it as name=share, such as typo=0.1")
        if name not in valid:
            raise UsageError(f"--rate {name}: no such rate{nearest(name, valid)}")
        try:
            given[name] = float(value)
        except ValueError:
            raise UsageError(f"--rate {name}: {value!r} is not a number") from None
    return Rates(**given)


def described(rates: Rates) -> list[tuple[str, float, str]]:
    """Return each rate as (name, share in force, what it means), in the order they are written."""
    return [
        (rate.name, float(getattr(rates, rate.name)), str(rate.metadata["about"]))
        for rate in dataclasses.fields(rates)
    ]
