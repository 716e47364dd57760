"""A population of people and organizations with known answers, made from a seed.

People and organizations, the cases, arrests, reports and listings that mention them, and the
errors that such records carry. Every name, number and date is invented; no record describes a real
person, and a number that some real person holds is held by chance. Nothing says anything of race
or ethnicity; the culture that names were drawn from stands in the truth alone.
"""

from benchmarks.population.config_file import config_text, expected_text
from benchmarks.population.generate import Plan, Summary, generate
from benchmarks.population.rates import Rates, described, rates_from
from benchmarks.population.source_files import SOURCES

__all__ = [
    "SOURCES",
    "Plan",
    "Rates",
    "Summary",
    "config_text",
    "described",
    "expected_text",
    "generate",
    "rates_from",
]
