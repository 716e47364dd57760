"""Cities, streets, area codes and birth places: public facts, put together at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.draws import Ints

# city, state, country, first three figures of its postal code, area code, weight
_CITIES: Final = """
El Paso|TX|US|799|915|9
Laredo|TX|US|780|956|7
McAllen|TX|US|785|956|7
Brownsville|TX|US|785|956|5
Del Rio|TX|US|788|830|3
Eagle Pass|TX|US|788|830|3
San Antonio|TX|US|782|210|6
Houston|TX|US|770|713|8
Dallas|TX|US|752|214|5
Austin|TX|US|787|512|2
Las Cruces|NM|US|880|575|2
Albuquerque|NM|US|871|505|2
Tucson|AZ|US|857|520|6
Nogales|AZ|US|856|520|4
Phoenix|AZ|US|850|602|6
Yuma|AZ|US|853|928|3
San Diego|CA|US|921|619|8
Calexico|CA|US|922|760|3
Los Angeles|CA|US|900|213|7
Fresno|CA|US|937|559|2
Las Vegas|NV|US|891|702|2
Denver|CO|US|802|303|2
Chicago|IL|US|606|312|3
Atlanta|GA|US|303|404|3
Miami|FL|US|331|305|5
Tampa|FL|US|336|813|2
Key West|FL|US|330|305|1
New Orleans|LA|US|701|504|2
New York|NY|US|100|212|4
Buffalo|NY|US|142|716|1
Detroit|MI|US|482|313|2
Seattle|WA|US|981|206|2
Blaine|WA|US|982|360|1
Charlotte|NC|US|282|704|2
San Juan|PR|US|009|787|2
Ciudad Juárez|CHH|MX|320|656|8
Chihuahua|CHH|MX|310|614|2
Nuevo Laredo|TAM|MX|880|867|5
Reynosa|TAM|MX|886|899|6
Matamoros|TAM|MX|873|868|5
Tampico|TAM|MX|890|833|1
Tijuana|BCN|MX|220|664|8
Mexicali|BCN|MX|210|686|4
Nogales|SON|MX|840|631|3
Hermosillo|SON|MX|830|662|2
Agua Prieta|SON|MX|842|633|2
Piedras Negras|COA|MX|260|878|2
Ciudad Acuña|COA|MX|262|877|2
Monterrey|NLE|MX|640|81|3
Culiacán|SIN|MX|800|667|3
Mazatlán|SIN|MX|820|669|1
Guadalajara|JAL|MX|441|33|3
Ciudad de México|CMX|MX|060|55|4
Puebla|PUE|MX|720|222|2
Tapachula|CHP|MX|307|962|3
Tuxtla Gutiérrez|CHP|MX|290|961|1
Oaxaca|OAX|MX|680|951|1
Veracruz|VER|MX|917|229|1
Morelia|MIC|MX|580|443|1
Villahermosa|TAB|MX|860|993|1
"""

US_STREETS: Final = (
    "Main St|Oak St|Maple Ave|Cedar Ln|Elm St|Washington Ave|Park Ave|Lake Dr|Hill Rd|Mesa St|"
    "Alameda Ave|Montana Ave|Paisano Dr|San Antonio Ave|Santa Fe St|Zaragoza Rd|Guadalupe St|"
    "Broadway Blvd|Lincoln Blvd|Jefferson St|Jackson Ave|Madison St|Adams St|Franklin St|"
    "Saunders St|McPherson Rd|Nolana Ave|Bicentennial Blvd|Military Hwy|Old Spanish Trl|"
    "Speedway Blvd|"
    "Grand Ave|Central Ave|Union St|River Rd|Sunset Blvd|Mission Rd|Euclid Ave|Imperial Ave|"
    "Market St|National Ave|Highland Dr|Valley View Dr|Desert Willow Ct|Palm Ave|Orange Ave|"
    "2nd St|3rd St|4th St|5th Ave|6th St|7th Ave|8th St|10th St|12th Ave|18th St|Church St|"
    "School House Rd|Industrial Pkwy|Commerce St|Frontage Rd|Country Club Rd|Mockingbird Ln"
).split("|")
MX_STREETS: Final = (
    "Calle Hidalgo|Calle Morelos|Calle Juárez|Av. Benito Juárez|Av. Revolución|Calle 5 de Mayo|"
    "Av. 16 de Septiembre|Calle Zaragoza|Calle Allende|Calle Aldama|Calle Guerrero|Calle Matamoros|"
    "Av. Constitución|Av. Independencia|Calle Victoria|Calle Ocampo|Calle Galeana|Calle Abasolo|"
    "Av. Universidad|Blvd. López Mateos|Blvd. Díaz Ordaz|Av. Tecnológico|Calle Emiliano Zapata|"
    "Calle Francisco Villa|Calle Niños Héroes|Av. Reforma|Calle Insurgentes|Calle Madero|"
    "Av. Lázaro Cárdenas|Calle Pino Suárez|Calle Bravo|Calle Rayón|Av. Las Américas|Calle Nayarit|"
    "Calle Sonora|Calle Durango|Calle Sinaloa|Av. de los Insurgentes|Calle Venustiano Carranza"
).split("|")
STREETS: Final = pl.Series("street", [*US_STREETS, *MX_STREETS])
FIRST_MX_STREET: Final = len(US_STREETS)

MX_STATES: Final = (
    "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN "
    "MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS"
).split()
"""State codes as a CURP writes them."""
MX_STATE_NAMES: Final = (
    "Aguascalientes|Baja California|Baja California Sur|Campeche|Coahuila|Colima|Chiapas|Chihuahua|"
    "Ciudad de México|Durango|Guanajuato|Guerrero|Hidalgo|Jalisco|Estado de México|Michoacán|"
    "Morelos|Nayarit|Nuevo León|Oaxaca|Puebla|Querétaro|Quintana Roo|San Luis Potosí|Sinaloa|"
    "Sonora|Tabasco|Tamaulipas|Tlaxcala|Veracruz|Yucatán|Zacatecas"
).split("|")
"""In the order of `MX_STATES`."""

COUNTRIES: Final = (
    "MX US GT HN SV CU VE CN LB SY IQ EG YE JO IN BR NI VN SN GN ML GH NG UA RU RO MD GE".split()
)
COUNTRIES_BY_CULTURE: Final[tuple[dict[str, float], ...]] = (
    {"MX": 82, "US": 12, "CU": 3, "VE": 3},
    {"HN": 40, "GT": 32, "SV": 20, "NI": 5, "US": 3},
    {"US": 100},
    {"CN": 95, "US": 5},
    {"LB": 15, "SY": 20, "IQ": 20, "EG": 15, "YE": 15, "JO": 10, "US": 5},
    {"IN": 95, "US": 5},
    {"BR": 97, "US": 3},
    {"VN": 85, "US": 15},
    {"SN": 25, "GN": 20, "ML": 10, "GH": 20, "NG": 20, "US": 5},
    {"UA": 30, "RU": 25, "RO": 20, "MD": 10, "GE": 12, "US": 3},
)
"""Birth countries with weights, in the order of `cultures.CULTURES`.

Those of Central America stand to one another about as among the sentenced non-citizens of fiscal
year 2023 (United States Sentencing Commission, Quick Facts); the others are assumptions.
"""
BIRTH_PLACES: Final[dict[str, str]] = {
    "US": "Texas|California|Arizona|New Mexico|Florida|Illinois|New York|Georgia|Ohio|Colorado",
    "GT": "Guatemala|Huehuetenango|San Marcos|Quetzaltenango|Quiché|Alta Verapaz|Jutiapa|Petén",
    "HN": "Tegucigalpa|San Pedro Sula|Olancho|Yoro|Choluteca|La Ceiba|Copán|Comayagua",
    "SV": "San Salvador|Santa Ana|San Miguel|Usulután|La Unión|Chalatenango|Sonsonate",
    "NI": "Managua|León|Chinandega|Estelí|Matagalpa", "VE": "Caracas|Maracaibo|Valencia|Táchira",
    "CU": "La Habana|Santiago de Cuba|Holguín|Camagüey|Villa Clara|Matanzas",
    "CN": "Fujian|Guangdong|Zhejiang|Shandong|Henan|Liaoning|Sichuan|Hebei|Beijing|Shanghai",
    "LB": "Beirut|Tripoli|Sidon|Baalbek", "SY": "Aleppo|Damascus|Homs|Idlib|Daraa|Hama",
    "IQ": "Baghdad|Mosul|Basra|Erbil|Kirkuk|Najaf", "EG": "Cairo|Alexandria|Giza|Asyut|Dakahlia",
    "YE": "Sanaa|Aden|Taiz|Ibb|Hodeidah", "JO": "Amman|Zarqa|Irbid", "BR": (
        "Minas Gerais|São Paulo|Rondônia|Goiás|Espírito Santo|Rio de Janeiro|Bahia|Paraná"
    ),
    "IN": "Punjab|Gujarat|Haryana|Delhi|Uttar Pradesh|Andhra Pradesh|Kerala|Maharashtra",
    "VN": "Nghệ An|Hà Tĩnh|Quảng Bình|Hải Phòng|Hồ Chí Minh|Hà Nội|Thanh Hóa|Cần Thơ",
    "SN": "Dakar|Thiès|Touba|Kaolack|Saint-Louis", "GN": "Conakry|Labé|Kindia|Kankan|Mamou",
    "ML": "Bamako|Kayes|Sikasso|Ségou", "GH": "Kumasi|Accra|Tamale|Cape Coast|Ho",
    "NG": "Lagos|Benin City|Kano|Ibadan|Enugu|Onitsha", "UA": "Lviv|Kyiv|Odesa|Kharkiv|Zakarpattia",
    "RU": "Moscow|Saint Petersburg|Krasnodar|Dagestan|Samara", "RO": "Iași|Bacău|Constanța|Suceava",
    "MD": "Chișinău|Bălți|Soroca|Cahul", "GE": "Tbilisi|Kutaisi|Batumi|Zugdidi",
}  # fmt: skip
"""Provinces or cities that people of a country name as their birth place, frequent ones first."""


def birth_places(country: Ints, state: Ints) -> pl.Series:
    """Return the birth place of each person.

    Args:
        country: Codes of `COUNTRIES`.
        state: A number below `len(MX_STATES)`, which stands for the place in any country.
    """
    flat: list[str] = []
    starts, sizes = [], []
    for name in COUNTRIES:
        places = list(MX_STATE_NAMES) if name == "MX" else BIRTH_PLACES[name].split("|")
        starts.append(len(flat))
        sizes.append(len(places))
        flat += places
    size = np.array(sizes)[country]
    # Outside Mexico early places are more frequent: the square leans towards 0.
    leaning = (state / len(MX_STATES)) ** 1.7 * size
    place = np.where(country == COUNTRIES.index("MX"), state, leaning.astype(np.int64))
    return pl.Series(flat).gather(np.array(starts)[country] + place)


@dataclass(frozen=True)
class Cities:
    """The cities as columns, row number is the city's code."""

    frame: pl.DataFrame  # city, state, country, zip3, area, weight
    mexican: np.ndarray[tuple[int], np.dtype[np.bool_]]
    area: Ints
    weight: np.ndarray[tuple[int], np.dtype[np.float64]]


def load_cities() -> Cities:
    """Return the cities."""
    rows = [line.split("|") for line in _CITIES.strip().splitlines()]
    frame = pl.DataFrame(
        rows, schema=["city", "state", "country", "zip3", "area", "weight"], orient="row"
    )
    return Cities(
        frame=frame.select("city", "state", "country", "zip3"),
        mexican=(frame["country"] == "MX").to_numpy(),
        area=frame["area"].cast(pl.Int64).to_numpy(),
        weight=frame["weight"].cast(pl.Float64).to_numpy(),
    )
