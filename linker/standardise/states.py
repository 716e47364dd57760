"""States of the United States and of Mexico, provinces of Canada: names to codes."""

from __future__ import annotations

from typing import Final

from linker.standardise.text import words

_UNITED_STATES: Final = """
    AL alabama, ala|AK alaska|AZ arizona, ariz|AR arkansas, ark|CA california, calif
    |CO colorado, colo|CT connecticut, conn|DE delaware|DC district of columbia|FL florida, fla
    |GA georgia|HI hawaii|ID idaho|IL illinois, ill|IN indiana|IA iowa|KS kansas, kans
    |KY kentucky|LA louisiana|ME maine|MD maryland|MA massachusetts, mass|MI michigan
    |MN minnesota, minn|MS mississippi|MO missouri|MT montana|NE nebraska, nebr|NV nevada
    |NH new hampshire|NJ new jersey|NM new mexico, nuevo mexico|NY new york, nueva york
    |NC north carolina|ND north dakota|OH ohio|OK oklahoma, okla|OR oregon|PA pennsylvania, penn
    |RI rhode island|SC south carolina|SD south dakota|TN tennessee, tenn|TX texas, tex, tejas
    |UT utah|VT vermont|VA virginia|WA washington, wash|WV west virginia|WI wisconsin, wis
    |WY wyoming|PR puerto rico|GU guam|VI virgin islands|AS american samoa
    |MP northern mariana islands
"""
_MEXICO: Final = """
    AGU aguascalientes, ags|BCN baja california, bc, baja california norte
    |BCS baja california sur|CAM campeche, camp|CHP chiapas, chis|CHH chihuahua, chih
    |CMX ciudad de mexico, cdmx, distrito federal, df, mexico city, mexico df
    |COA coahuila, coah, coahuila de zaragoza|COL colima|DUR durango, dgo
    |MEX estado de mexico, edomex, edo mex, edo de mexico|GUA guanajuato, gto|GRO guerrero
    |HID hidalgo, hgo|JAL jalisco|MIC michoacan, mich, michoacan de ocampo|MOR morelos
    |NAY nayarit|NLE nuevo leon, nl|OAX oaxaca|PUE puebla
    |QUE queretaro, qro, queretaro de arteaga|ROO quintana roo, q roo|SLP san luis potosi
    |SIN sinaloa|SON sonora|TAB tabasco|TAM tamaulipas, tamps, tamp|TLA tlaxcala, tlax
    |VER veracruz, veracruz de ignacio de la llave|YUC yucatan|ZAC zacatecas
"""
_CANADA: Final = """
    AB alberta|BC british columbia|MB manitoba|NB new brunswick
    |NL newfoundland and labrador, newfoundland|NS nova scotia|ON ontario
    |PE prince edward island|QC quebec|SK saskatchewan|YT yukon|NT northwest territories
    |NU nunavut
"""


def _codes(table: str) -> dict[str, str]:
    rows = (row.strip().partition(" ") for row in table.split("|"))
    return {
        name.strip(): code for code, _, names in rows for name in (code.lower(), *names.split(","))
    }


_US_CODES: Final = _codes(_UNITED_STATES)
# BC and NL are Mexican states too, and those are the ones this field meets.
_CODES: Final = _codes(_CANADA) | _codes(_MEXICO) | _US_CODES


def read_state(text: str) -> str | None:
    """Return the postal code of a US state or the ISO 3166-2 code of a Mexican one.

    Args:
        text: A state's name or abbreviation, English or Spanish.

    Returns:
        Two or three capitals; lower-case words where the state is not known.
    """
    plain = words(text)
    return _CODES.get(plain) or _CODES.get(plain.replace(" ", "")) or plain or None


def us_state(plain: str) -> str | None:
    """Return the postal code of a US state, or None where the words name none.

    Args:
        plain: Lower-case ASCII words.
    """
    return _US_CODES.get(plain)
