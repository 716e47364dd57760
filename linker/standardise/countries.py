"""Countries: their names, English and Spanish, and some nationalities, to ISO 3166-1 codes."""

from __future__ import annotations

from typing import Final

from linker.standardise.text import words

_TABLE: Final = """
AF AFG afghanistan, afganistan, afghan
AL ALB albania, albanian
DZ DZA algeria, argelia, algerian
AD AND andorra
AO AGO angola, angolan
AG ATG antigua and barbuda, antigua
AR ARG argentina, argentine, argentinian, argentino
AM ARM armenia, armenian
AU AUS australia, australian
AT AUT austria, austrian
AZ AZE azerbaijan, azerbaiyan
BS BHS bahamas, the bahamas, bahamian
BH BHR bahrain
BD BGD bangladesh, bangladeshi
BB BRB barbados
BY BLR belarus, bielorrusia, belarusian
BE BEL belgium, belgica, belgian
BZ BLZ belize, belice, belizean
BJ BEN benin
BM BMU bermuda
BO BOL bolivia, bolivian, boliviano
BA BIH bosnia and herzegovina, bosnia, bosnia herzegovina
BW BWA botswana
BR BRA brazil, brasil, brazilian, brasileno
BG BGR bulgaria, bulgarian
BF BFA burkina faso
BI BDI burundi
KH KHM cambodia, camboya, cambodian
CM CMR cameroon, camerun, cameroonian
CA CAN canada, canadian, canadiense
CV CPV cape verde, cabo verde
KY CYM cayman islands
CF CAF central african republic
TD TCD chad
CL CHL chile, chilean, chileno
CN CHN china, peoples republic of china, prc, chinese, chino
CO COL colombia, colombian, colombiano, colombiana
KM COM comoros
CG COG congo, republic of the congo, congo brazzaville
CD COD democratic republic of the congo, congo democratic republic of the, drc, congo kinshasa
CR CRI costa rica, costa rican, costarricense
CI CIV cote divoire, ivory coast, costa de marfil
HR HRV croatia, croacia, croatian
CU CUB cuba, cuban, cubano, cubana
CY CYP cyprus, chipre
CZ CZE czech republic, czechia, republica checa
DK DNK denmark, dinamarca, danish
DJ DJI djibouti
DM DMA dominica
DO DOM dominican republic, republica dominicana, dominican, dominicano
EC ECU ecuador, ecuadorian, ecuatoriano, ecuatoriana
EG EGY egypt, egipto, egyptian
SV SLV el salvador, salvador, salvadoran, salvadoreno, salvadorena
GQ GNQ equatorial guinea, guinea ecuatorial
ER ERI eritrea, eritrean
EE EST estonia
SZ SWZ eswatini, swaziland
ET ETH ethiopia, etiopia, ethiopian
FJ FJI fiji
FI FIN finland, finlandia, finnish
FR FRA france, francia, french
GA GAB gabon
GM GMB gambia, the gambia
GE GEO georgia, georgian
DE DEU germany, alemania, deutschland, german
GH GHA ghana, ghanaian
GI GIB gibraltar
GR GRC greece, grecia, greek
GD GRD grenada
GT GTM guatemala, guatemalan, guatemalteco, guatemalteca
GN GIN guinea, guinean
GW GNB guinea bissau
GY GUY guyana
HT HTI haiti, haitian, haitiano
HN HND honduras, honduran, hondureno, hondurena
HK HKG hong kong
HU HUN hungary, hungria
IS ISL iceland
IN IND india, indian
ID IDN indonesia, indonesian
IR IRN iran, islamic republic of iran, iran islamic republic of, iranian
IQ IRQ iraq, irak, iraqi
IE IRL ireland, irlanda, irish
IL ISR israel, israeli
IT ITA italy, italia, italian
JM JAM jamaica, jamaican
JP JPN japan, japon, japanese
JO JOR jordan, jordania, jordanian
KZ KAZ kazakhstan
KE KEN kenya, kenyan
KP PRK north korea, corea del norte, democratic peoples republic of korea, korea north
KR KOR south korea, corea del sur, republic of korea, korea south, korea
XK XKX kosovo
KW KWT kuwait
KG KGZ kyrgyzstan
LA LAO laos
LV LVA latvia
LB LBN lebanon, libano, lebanese
LS LSO lesotho
LR LBR liberia
LY LBY libya, libia, libyan
LI LIE liechtenstein, lichtenstein
LT LTU lithuania
LU LUX luxembourg
MO MAC macau, macao
MG MDG madagascar
MW MWI malawi
MY MYS malaysia, malaysian
MV MDV maldives
ML MLI mali, malian
MT MLT malta
MH MHL marshall islands
MR MRT mauritania
MU MUS mauritius
MX MEX mexico, estados unidos mexicanos, mexican, mexicano, mexicana
FM FSM micronesia
MD MDA moldova
MC MCO monaco
MN MNG mongolia
ME MNE montenegro
MA MAR morocco, marruecos, moroccan
MZ MOZ mozambique
MM MMR burma, myanmar, burmese
NA NAM namibia
NP NPL nepal, nepalese
NL NLD netherlands, holland, paises bajos, the netherlands, dutch
NZ NZL new zealand, nueva zelanda
NI NIC nicaragua, nicaraguan, nicaraguense
NE NER niger
NG NGA nigeria, nigerian
MK MKD north macedonia, macedonia, the former yugoslav republic of macedonia
NO NOR norway, noruega, norwegian
OM OMN oman
PK PAK pakistan, pakistani
PW PLW palau
PS PSE palestine, palestinian, west bank, gaza
PA PAN panama, panamanian, panameno
PG PNG papua new guinea
PY PRY paraguay, paraguayan
PE PER peru, peruvian, peruano, peruana
PH PHL philippines, filipinas, filipino
PL POL poland, polonia, polish
PT PRT portugal, portuguese
PR PRI puerto rico
QA QAT qatar
RO ROU romania, rumania, romanian
RU RUS russia, rusia, russian federation, russian
RW RWA rwanda
KN KNA saint kitts and nevis
LC LCA saint lucia
VC VCT saint vincent and the grenadines
WS WSM samoa
SM SMR san marino
ST STP sao tome and principe
SA SAU saudi arabia, arabia saudita, saudi
SN SEN senegal, senegalese
RS SRB serbia, serbian
SC SYC seychelles
SL SLE sierra leone
SG SGP singapore, singapur
SK SVK slovakia
SI SVN slovenia
SB SLB solomon islands
SO SOM somalia, somali
ZA ZAF south africa, sudafrica, south african
SS SSD south sudan
ES ESP spain, espana, spanish, espanol
LK LKA sri lanka
SD SDN sudan, sudanese
SR SUR suriname
SE SWE sweden, suecia, swedish
CH CHE switzerland, suiza, swiss
SY SYR syria, siria, syrian arab republic, syrian
TW TWN taiwan, taiwanese
TJ TJK tajikistan
TZ TZA tanzania
TH THA thailand, tailandia, thai
TL TLS timor leste, east timor
TG TGO togo
TO TON tonga
TT TTO trinidad and tobago, trinidad
TN TUN tunisia, tunez, tunisian
TR TUR turkey, turquia, turkiye, turkish
TM TKM turkmenistan
UG UGA uganda
UA UKR ukraine, ucrania, ukrainian
AE ARE united arab emirates, uae, emiratos arabes unidos
GB GBR united kingdom, uk, great britain, england, scotland, wales, northern ireland, reino unido, \
british
US USA united states, united states of america, usa, u s, u s a, estados unidos, eeuu, ee uu, eua, \
american, estadounidense
UY URY uruguay, uruguayan
UZ UZB uzbekistan
VU VUT vanuatu
VA VAT vatican city, holy see
VE VEN venezuela, venezuela bolivarian republic of, venezuelan, venezolano, venezolana
VN VNM vietnam, viet nam, vietnamese
VG VGB virgin islands british, british virgin islands
VI VIR us virgin islands, virgin islands
YE YEM yemen, yemeni
ZM ZMB zambia
ZW ZWE zimbabwe
"""
"""Alpha-2 and alpha-3 codes (ISO 3166-1; XK as used by the European Union), then names."""

_CODES: Final = {
    name.strip(): line[:2]
    for line in _TABLE.strip().splitlines()
    for name in (line[:2].lower(), line[3:6].lower(), *line[7:].split(","))
}


def read_country(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country or nationality, else its lower-case words.

    Args:
        text: A name or code, English or Spanish.
    """
    plain = words(text)
    return _CODES.get(plain, plain) or None


def is_country(plain: str) -> bool:
    """Whether lower-case ASCII words are the full name of a country (codes do not count).

    Args:
        plain: Words as `linker.standardise.text.words` gives them.
    """
    return len(plain) > 3 and plain in _CODES  # noqa: PLR2004 - codes have two letters or three
