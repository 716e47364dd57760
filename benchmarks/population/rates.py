"""Every rate of the population, with its default, what it means and where it comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

from linker.errors import UsageError, nearest


def _rate(default: float, about: str) -> float:
    value: float = field(default=default, metadata={"about": about})
    return value


@dataclass(frozen=True)
class Rates:
    """Shares between 0 and 1.

    A rate of a record counts among the records that can show it at all: `surname_dropped` among
    records of people with two family names, `day_month_swapped` among birth dates that a swap
    leaves valid. Where no source is named, the default is an assumption, chosen so that each kind
    of error is frequent enough to measure.
    """

    # Who the people are. Shares of people.
    hispanic: float = _rate(0.55, "people with Hispanic names, most of them born in Mexico")
    anglo: float = _rate(0.25, "people with names as the United States census lists them")
    chinese: float = _rate(0.08, "people with Chinese names")
    arabic: float = _rate(0.06, "people with Arabic names")
    south_asian: float = _rate(0.04, "people with Indian names")
    brazilian: float = _rate(0.02, "people with Brazilian names")
    female: float = _rate(0.22, "women among all people")
    rare_family_name: float = _rate(0.12, "people whose family name is outside the lists")
    household: float = _rate(0.12, "people who share family name, address, phone with another")
    father_and_son: float = _rate(0.012, "sons who bear their father's whole name")
    twin: float = _rate(0.005, "people who are the twin of another")
    birth_day_unknown: float = _rate(
        0.14, "Arabic and Indian people with 1 January on every paper; one in seven (refugees)"
    )
    alias_held: float = _rate(0.08, "people who hold a false name")
    many_aliases: float = _rate(0.05, "holders of a false name who hold eight")
    several_a_numbers: float = _rate(0.07, "people with an A-number who have a second one")
    stolen_identifier: float = _rate(0.004, "people who use the numbers of a stranger")
    named_after_leader: float = _rate(0.06, "organizations that bear their leader's name")
    joint_case: float = _rate(0.03, "cases declared joint with another")
    case_contradictory: float = _rate(0.005, "cases closed before they opened, or without status")
    # Errors in a record of a person. Shares of the records that can show them.
    alias: float = _rate(0.35, "holders of a false name: the record is under it")
    surname_dropped: float = _rate(0.25, "two family names: one is missing")
    paternal_dropped: float = _rate(0.10, "of those, the first family name is the missing one")
    surname_joined: float = _rate(0.03, "two family names: written as one word")
    surname_hyphenated: float = _rate(0.06, "two family names: written with a hyphen")
    surnames_swapped: float = _rate(0.03, "two family names: in the wrong order")
    surname_as_middle: float = _rate(0.03, "two family names: the first became a middle name")
    particle_joined: float = _rate(0.25, "family name with a particle: Delacruz")
    particle_dropped: float = _rate(0.08, "family name with a particle: only Cruz")
    given_family_swapped: float = _rate(0.012, "given and family name change places")
    nickname: float = _rate(0.06, "given name with a nickname: the nickname is recorded")
    romanisation: float = _rate(0.18, "Chinese or Arabic name: spelled another way")
    middle_dropped: float = _rate(0.35, "middle name missing")
    middle_initial: float = _rate(0.15, "middle name cut to its first letter")
    typo: float = _rate(0.04, "a letter of the name lost, doubled, swapped or mistaken")
    day_month_swapped: float = _rate(0.02, "day and month change places")
    birth_year_drift: float = _rate(0.03, "the year is wrong, day and month are right")
    birth_year_only: float = _rate(0.05, "only the year is known: written as 1 January")
    one_digit_off: float = _rate(0.03, "one figure of the day or the month is wrong")
    birth_date_missing: float = _rate(0.04, "no birth date where the source has one")
    sex_wrong: float = _rate(0.004, "the other sex")
    other_a_number: float = _rate(0.45, "people with two A-numbers: the second is recorded")
    identifier_missing: float = _rate(0.10, "every number the record would carry is missing")
    identifier_typo: float = _rate(0.03, "a figure of one number wrong or two swapped")
    plate_confused: float = _rate(0.06, "plate read with O for 0, I for 1, B for 8")
    moved: float = _rate(0.35, "the record shows an earlier address")
    # Both people and organizations.
    shared_phone: float = _rate(0.03, "the phone is a stash house's, shared by strangers")
    shared_address: float = _rate(0.03, "the address is a stash house's, shared by strangers")
    # Errors in a record of an organization.
    organization_alias: float = _rate(0.10, "recorded under its other trading name")
    legal_form_dropped: float = _rate(0.35, "S.A. de C.V. or LLC missing")
    legal_form_changed: float = _rate(0.08, "another legal form")
    word_dropped: float = _rate(0.06, "a name of three words or more lost one")
    words_swapped: float = _rate(0.04, "two words change places")
    abbreviated: float = _rate(0.12, "a usual word cut short: Transp for Transportes")
    translated: float = _rate(0.05, "a usual word in the other language")
    acronym: float = _rate(0.03, "only the initials")
    organization_typo: float = _rate(0.05, "a letter of the name wrong")
    principal_missing: float = _rate(0.40, "nobody named as its principal")

    def __post_init__(self) -> None:
        """Refuse rates outside 0 to 1 and cultures that sum to nothing."""
        for name, value in dataclasses.asdict(self).items():
            if not 0 <= value <= 1:
                raise UsageError(f"rate {name}: {value} is not between 0 and 1")
        if sum(self.cultures) <= 0:
            raise UsageError("rates of hispanic, anglo, ...: at least one must be above 0")

    @property
    def cultures(self) -> tuple[float, ...]:
        """The shares of the cultures, in the order of `names.CULTURES`."""
        return (
            self.hispanic,
            self.anglo,
            self.chinese,
            self.arabic,
            self.south_asian,
            self.brazilian,
        )


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
