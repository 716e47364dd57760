"""Word lists of personal names: particles, titles, suffixes, honours, Spanish family names."""

from __future__ import annotations

import re
from typing import Final

from linker.standardise.tables import word_set

PARTICLES: Final = word_set(
    """
    de del dela delas delos la las los el al y van von vom zu zur der den ter ten da das do dos di
    du des della dello degli delle bin ibn bint binti ben abu umm ould wuld uld of
    """
)
"""Words that lead a family name without being part of it."""

VIETNAMESE: Final = word_set(
    """
    nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly truong dinh trinh luong
    doan vuong dao
    """
)
"""The commonest family names of Vietnam; the first sixteen are those of nine people in ten.

After Lê Trung Hoa, Họ và tên người Việt Nam (2005).
"""

PARTICLE_SPELLINGS: Final = {"dela": "de la", "delas": "de las", "delos": "de los"}
"""Particles written together, and apart."""

GIVEN_PARTICLES: Final = frozenset({"al", "van", "ben", "von", "abu", "del", "do"})
"""Particles that are a given name when they open a name of two words, as in Al Capone."""

GLUED: Final = {
    "san": "san",
    "santa": "santa",
    "santo": "santo",
    "st": "st",
    "saint": "st",
    "mc": "mc",
}
"""Words written apart from or joined with the next one; always joined here (St John)."""

WRITTEN_TOGETHER: Final = frozenset({"mac", "fitz", "abd", "abdel", "abdul", "delos", "delas"})
"""Beginnings of a name written with a capital inside, as in MacGregor, besides particles."""

SUFFIXES: Final = {
    "jr": "jr",
    "jnr": "jr",
    "junior": "jr",
    "hijo": "jr",
    "filho": "jr",
    "sr": "sr",
    "snr": "sr",
    "senior": "sr",
    "ii": "ii",
    "2nd": "ii",
    "iii": "iii",
    "3rd": "iii",
    "iv": "iv",
    "4th": "iv",
}
"""Generation suffixes and their one spelling."""

POST_NOMINALS: Final = frozenset({"esq", "phd", "dds", "dvm", "cpa", "bt", "bart", "obe", "mbe"})

TITLES: Final = word_set(
    """
    mr mrs ms miss mx mister dr dra doctor sir dame lord lady madame monsieur rev reverend hon
    prof professor sgt sergeant cpl corporal capt captain cdr cmdr commander col colonel gen
    general brig brigadier lt lieutenant maj major pvt ofc officer det detective insp inspector sr
    sra srta senor senora senorita lic licenciado licenciada ing ingeniero arq don dona cmdte
    comandante sheikh shaykh shaikh sheik haji hajji mullah mawlawi maulavi ayatollah
    president presidente prasident praesident premier chancellor senator senador governor
    gobernador minister ministro ambassador embajador
    """
)
"""Words in front of a name that are not part of it."""

GIVEN_TITLES: Final = frozenset({"don", "dona", "major", "general", "sergeant"})
"""Titles that are also given names: taken off only where two words remain."""

HONOURS: Final = word_set("baron baroness baronet viscount viscountess marquess countess duchess")
"""Words that open a peerage: what follows names a place or a line, not the person."""

HONOURS_OF: Final = word_set("earl duke count lord lady prince princess marquis knight sir")
"""Words that open a peerage only after an ordinal or before "of"; alone they are given names."""

MISSING: Final = word_set(
    """
    fnu lnu mnu nfn nln nmn nmi nmnu unk unknown desconocido desconocida ukn unkown xx xxx xxxx
    """
)
"""Words that hold the place of an unknown name: first name unknown, last name unknown."""

ORDINAL: Final = re.compile(r"[0-9]+(?:st|nd|rd|th)")

FAMILY_NAMES: Final = word_set(
    """
    acevedo acosta aguilar aguirre alarcon alfaro alonso alvarado amador amaya anaya andrade
    aragon aranda arce arellano arias armenta arriaga arroyo avalos avila ayala baca baez balderas
    banuelos barajas barba barragan barraza barrera barrientos barrios bautista becerra beltran
    bermudez bernal blanco bonilla borja bravo briones burgos bustamante bustos caballero cabrera
    calderon camacho camarena campos cano cantu cardenas cardona carmona caro carranza carrasco
    carrera carrillo carrion castaneda castellanos castillo castro cazares ceballos cedillo ceja
    cerda cervantes chacon chavarria cisneros colin collazo colon contreras cordero cordova corona
    coronado corral corrales correa cortes cruz cuellar cuevas davila delgado diaz duarte duenas
    duran elizondo escalante escamilla escobar escobedo esparza espino espinosa espinoza esquivel
    estrada fajardo felix figueroa flores franco fuentes galarza galindo gallardo gallegos galvan
    gamboa garay garcia garza gastelum gaytan giron godinez granados guardado guerra guerrero
    guevara guillen guzman haro herrera hidalgo hinojosa huerta hurtado ibarra iglesias islas
    jaime jaramillo jasso lara leal ledesma leiva leon lerma leyva limon lira loera lozano lucero
    lucio lugo lujan luna macias madera madrid madrigal magana maldonado mancilla manzo marin
    mariscal marroquin mata matos maya mayorga medina medrano mejia melgar mena mendoza mercado
    merino mesa meza mireles miranda molina monreal montalvo montano monteiro montero montes
    montoya mora morales moran moreno moya munoz murillo najera naranjo nava navarrete navarro
    negrete nevarez nieto nolasco novoa ocampo ocegueda ochoa ojeda olivares olmos olvera
    ontiveros ordaz orellana orozco orta ortega ortiz osorio osuna otero pacheco padilla palacios
    palma palomares pantoja paredes parra partida pastrana patino pech pedraza pena peralta
    pereira pimentel pina pineda pinto plascencia polanco ponce portillo posada prado preciado
    prieto puente puga pulido quesada quintana quintero quiroga quiroz ramos rangel rascon razo
    real rendon resendiz reyes reyna ricardo rico rincon rios rivas rivera robledo robles rocha
    rojas roldan roman romero romo rosado rosales rosario rosas rubio ruelas ruiz saavedra saenz
    salas salazar salcedo salcido saldana saldivar salgado salinas samaniego sanabria sandoval
    santana santiago santillan santos saucedo segovia segura sepulveda serna serrano sierra
    sifuentes silva solano solis solorio solorzano sosa sotelo soto tafoya talavera tamayo tapia
    tejada tejeda tena terrazas tirado toledo toro torres toscano tovar trejo trevino trujillo
    uribe urena urias valadez valdes valdivia valencia valenzuela valle vallejo varela vargas vega
    vela velasco venegas ventura vera verdugo vergara vidal viera vigil villa villagomez
    villalobos villalpando villanueva villareal villarreal villasenor villegas yepez zambada
    zambrano zamora zamudio zapata zaragoza zarate zavala zepeda zermeno zuniga
    """
)
"""Family names common among Spanish speakers, besides those ending in -ez.

A working list, not a complete one: the commonest names of the Mexican electoral roll (INE, 2016)
and of Mexican birth registrations (INEGI, 2017-2020), and common names that the United States
Census Bureau's surname file of 2010 counts as predominantly Hispanic.
"""

FAMILY_OR_GIVEN: Final = word_set(
    "felix franco jaime leon lucio ricardo roman rosario santiago santos ventura vidal"
)
"""Family names that are as often a second given name: counted only in names of four words."""

_JOINED_STEMS: Final = word_set("""
    cruz rosa rosas torre torres garza vega fuente fuentes huerta riva rivera rocha mora pena
    cerda hoz hoya parra paz luz santos reyes rios rio angeles leon jesus valle villar castillo
    toro campo bosque pino prado real rincon pozo pilar carmen olmo alba haro luna avila anda alva
    """)

JOINED: Final = {
    written + stem: (apart, stem)
    for written, apart in (
        ("de", "de"),
        ("del", "del"),
        ("dela", "de la"),
        ("delas", "de las"),
        ("delos", "de los"),
    )
    for stem in _JOINED_STEMS
}
"""Family names written together with their particle: Delacruz is "de la" and "cruz".

A closed table, so that Delgado and Delaney stay whole.
"""


def is_family_name(word: str) -> bool:
    """Whether `word` is a family name common among Spanish speakers, or ends as they do."""
    return word in FAMILY_NAMES or (len(word) > len("inez") and word.endswith("ez"))
