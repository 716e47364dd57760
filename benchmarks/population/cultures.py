"""The cultures that names are drawn from, and the two sexes, by their codes."""

from __future__ import annotations

from typing import Final

CULTURES: Final = (
    "hispanic",
    "central_american",
    "anglo",
    "chinese",
    "arabic",
    "south_asian",
    "brazilian",
    "vietnamese",
    "west_african",
    "eastern_european",
)
"""A culture's place here is its code."""

SPANISH: Final = (0, 1)
"""Codes of the cultures whose people bear two family names, the father's first, in Spanish."""

FAMILY_FIRST: Final = (CULTURES.index("chinese"), CULTURES.index("vietnamese"))
"""Codes of the cultures that write the family name before the given name."""

MALE, FEMALE = 0, 1
