"""One representative name for each group of given names: bob and robert, pepe and jose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from nicknames import NickNamer

from linker.standardise.languages.arabic import arabic_roots, muhammad_or_mahmud
from linker.standardise.languages.greek import greek_roots
from linker.standardise.languages.slavic import slavic_roots
from linker.standardise.tables import groups

_SPANISH: Final = """
    adalberto: adal; agustin: agus; alberto: beto berto albertico; alejandra: ale jandra;
    alejandro: jandro alejo; alfonso: poncho; alicia: licha; ana: anita; anastasio: tacho;
    antonia: tona tonia; antonio: tono toni antonito; arturo: turo; asuncion: chona; bartolome:
    bartolo; beatriz: bety; benjamin: benja mincho; carlos: carlitos calin; carmen: carmela
    carmelita menchu; catalina: cata; cecilia: ceci chila; concepcion: concha conchita conchis;
    consuelo: chelo chelito; cristina: cris; cristobal: tobal; dolores: lola lolita loli; eduardo:
    lalo eduardito; emilio: milo; enrique: quique kike quico; ernesto: neto; esperanza: lancha
    pera; eugenia: quena; faustino: tino; federico: fede lico; felipe: pipe felipillo; fernando:
    nando fer; francisca: paca paquita pancha panchita; francisco: paco pancho paquito panchito
    curro kiko frasco; gabriel: gabo; gerardo: lalito; graciela: chela; gregorio: goyo; guadalupe:
    lupe lupita pita; guillermo: memo guille; gustavo: tavo; hector: tito; hilario: layo;
    hortensia: tencha; ignacio: nacho; isabel: chabela chabelita chave isa; jesus: chuy chucho
    chuyito chus; joaquin: quino chimino; jorge: coque jorgito; jose: pepe pepito chepe cheo
    josecito joselito; josefa: pepa pepita chepa; josefina: fina chepina; juan: juanito juancho;
    juana: juanita; julio: julito; lorenzo: lencho; lourdes: lulu; luis: lucho luisito guicho;
    luz: lucha; manuel: manolo manny lolo manolito manu meme; margarita: mago magos mague; maria:
    mari maruja marica mariquita maruca; mario: mayito; mercedes: meche merche; miguel: miguelito
    mikel; nemesio: mencho; nicolas: nico colas; pablo: pablito; patricio: pato; pedro: perico
    perucho pedrito; pilar: pili pilarica; rafael: rafa fallo rafita; ramon: moncho mon; raul:
    raulito; refugio: cuca cuco; ricardo: richi caco; roberto: robertito; rodolfo: fito rodo;
    rodrigo: rigo; rosario: charo chayo; salvador: chava salva; santiago: santi chago; sebastian:
    sebas; sergio: checo; socorro: coco; susana: susy; teodoro: teo; teresa: tere teresita; tomas:
    tomasito; vicente: chente; victoria: vicky viky
"""
"""Spanish short forms of given names, each under one name.

Common forms, after the article "Hipocorístico" of the Spanish Wikipedia and, for Mexican ones
(Chuy, Memo, Lencho), general usage. A form of several names is under the commonest of
them: Beto is Alberto, Poncho is Alfonso.
"""

_SEVERAL: Final = """
    beto: roberto heriberto gilberto humberto norberto rigoberto; berto: roberto heriberto
    gilberto humberto; poncho: ildefonso; tito: ernesto roberto alberto; lalo: gerardo; chente:
    inocente; chela: marcela; lucha: lucia; nando: hernando; neto: ernestino; tina: agustina
    martina cristina; toni: antonia; vicky: victoria; chago: santos; nico: nicanor; moe:
    moses maurice; mo: moses
"""
"""Short forms of several given names, mostly Spanish: the others, besides the commonest.

General usage.
"""

_SPELLINGS: Final = """
    katherine: catherine kathryn katharine cathryn katheryn kathrine; stephen: steven stephan;
    jonathan: jonathon johnathan johnathon; geoffrey: jeffrey jeffery; sarah: sara; elizabeth:
    elisabeth; anne: ann; theresa: therese; mark: marc; eric: erik erick; lawrence: laurence;
    philip: phillip; alan: allan allen; brian: bryan; nicholas: nicolas nickolas; susan: susanne
    suzanne; louis: lewis; rachel: rachael; deborah: debra debora; rebecca: rebekah; margaret:
    margret; michael: micheal; isabel: isabelle isabella; kristin: kristen; christine: kristine;
    christina: kristina; alexander: aleksandr alexandr aleksander; joseph: josef; frederick:
    frederic fredrick fredric; gerald: jerald; jerome: gerome; gregory: greggory; harold: harrold;
    matthew: mathew; sydney: sidney; vivian: vivien; walter: walther; zachary: zachery zackary
"""
"""Spellings of one name; which spelling stands for the group has no meaning."""

_FORMAL: Final = """
    james john robert michael william david richard joseph charles thomas christopher daniel
    matthew anthony donald mark paul stephen andrew kenneth joshua george kevin brian edward
    ronald timothy jason geoffrey gary nicholas eric jonathan lawrence scott benjamin samuel
    gregory alexander frank patrick raymond dennis gerald walter harold henry douglas peter arthur
    albert philip eugene russell louis vincent randall howard fred alfred francis leonard theodore
    clifford edwin frederick gilbert leroy herbert ernest martin nathan nathaniel zachary terrence
    lester milton mary patricia jennifer linda elizabeth barbara susan margaret dorothy jessica
    sarah katherine deborah rebecca christine anne virginia judith cynthia pamela amanda stephanie
    theresa victoria jacqueline caroline josephine eleanor samantha abigail sandra kimberly
    melissa nancy frances martha alexandra angela cassandra penelope philippa winifred matilda
    wilhelmina henrietta roberto alberto eduardo ricardo antonio miguel jose maria juan jorge luis
    carlos francisco helen lisa carol jane marie ruth julia alice grace ellen elaine louise rita
    hannah nora lena eva lynn lee carl leon angel kendrick
"""
"""Formal given names, roughly by frequency (United States Census Bureau, names of 1990).

The last lines are names that the package also lists as short forms but that stand for themselves.
"""

_CHOSEN: Final = {
    "bill": "william",
    "billy": "william",
    "billie": "william",
    "will": "william",
    "willie": "william",
    "ted": "edward",
    "teddy": "edward",
    "ned": "edward",
    "harry": "henry",
    "hank": "henry",
    "jack": "john",
    "bert": "albert",
    "al": "albert",
    "mick": "michael",
    "nan": "anne",
    "peggy": "margaret",
    "polly": "mary",
    "molly": "mary",
    "sandy": "sandra",
    "drew": "andrew",
    "dick": "richard",
    "tony": "anthony",
    "mike": "michael",
    "betty": "elizabeth",
    "tina": "christina",
    "gus": "augustus",
    "randy": "randall",
    "patsy": "patricia",
    "terry": "terrence",
    "freddy": "frederick",
    "freddie": "frederick",
    "johny": "john",
    "vic": "victor",
    "zeke": "ezekiel",
    "steph": "stephanie",
    "stevie": "stephen",
    "bell": "isabel",
    "moe": "muhammad",
    "mo": "muhammad",
    "hamada": "muhammad",
    "hamoudi": "muhammad",
}
"""Nicknames of several names, or of none in the package, under the name most often meant."""

_ENDINGS: Final = ("ie", "ey", "y")
"""How English short forms end; Terri and Bobbi are other people's than Terry's and Bobby's."""
_STEM: Final = 3
"""Letters before such an ending: Guy and Ray are no short forms."""


def given_name_root(name: str) -> str:
    """Return the one name that stands for the group of nicknames and spellings of `name`.

    A name in no group stands for itself. A nickname that belongs to several names goes to the one
    most often meant, so that equal names always have equal roots.

    Args:
        name: One lower-case ASCII given name.
    """
    return _roots().get(name) or muhammad_or_mahmud(name) or name


def other_roots(name: str) -> list[str]:
    """Return the further names for which `name` is a short form: Ted is Theodore, too.

    Sorted, without the one that `given_name_root` returns; most names have none.

    Args:
        name: One lower-case ASCII given name.
    """
    return _others().get(name, [])


def is_western(name: str) -> bool:
    """Return whether English or Spanish speakers have a given name, or a short form.

    A working list, of those that have short forms or are such.

    Args:
        name: One lower-case ASCII given name.
    """
    return name in _western()


def spelling_root(name: str) -> str:
    """Return the one spelling of the spellings of `name`, which may be a family name as well.

    Args:
        name: One lower-case ASCII name.
    """
    return _spellings().get(name) or muhammad_or_mahmud(name) or name


@cache
def _spellings() -> Mapping[str, str]:
    return {**groups(_SPELLINGS), **greek_roots(), **slavic_roots(), **arabic_roots()}


@cache
def _roots() -> Mapping[str, str]:
    """Return the root of every name that is not its own root."""
    spellings = _spellings()
    formal = [spellings.get(name, name) for name in _FORMAL.split()]
    rank = {name: place for place, name in reversed(list(enumerate(formal)))}
    package = NickNamer()
    roots: dict[str, str] = {}
    for nickname, names in sorted(package.canonical_lookup.items()):
        # The package lists some pairs both ways; a formal name is nobody's nickname.
        if spellings.get(nickname, nickname) in rank:
            continue
        known = {spellings.get(name, name) for name in names} & rank.keys()
        if known:
            roots[nickname] = min(known, key=rank.__getitem__)
    chosen = {name: root for name, root in _CHOSEN.items() if name not in rank}
    roots |= chosen
    written = {other: root for name, root in roots.items() for other in _endings(name)}
    roots = {**written, **roots, **spellings, **groups(_SPANISH), **chosen}
    return {
        name: roots.get(root, root)
        for name, root in roots.items()
        if name.isalpha() and (name not in rank or name in spellings)
    }


@cache
def _western() -> frozenset[str]:
    package = NickNamer()
    spanish = groups(_SPANISH)
    known = {*_FORMAL.split(), *package.canonical_lookup, *package.nickname_lookup}
    return frozenset({*known, *spanish, *spanish.values(), *groups(_SPELLINGS)})


@cache
def _others() -> Mapping[str, list[str]]:
    """Return the further roots of every short form of several names."""
    roots = _roots()
    formal = set(_FORMAL.split())
    package = NickNamer().canonical_lookup
    several = {short: formal & set(names) for short, names in package.items()}
    for group in _SEVERAL.split(";"):
        short, names = group.split(":")
        several[short.strip()] = several.get(short.strip(), set()) | set(names.split())
    found = {
        short: sorted({given_name_root(name) for name in names} - {roots.get(short, short), short})
        for short, names in several.items()
        if short not in formal
    }
    return {short: others for short, others in found.items() if others}


def _endings(nickname: str) -> list[str]:
    """Return how else an English short form is written: Peggy, Peggie, Peggey."""
    stem = next((nickname.removesuffix(end) for end in _ENDINGS if nickname.endswith(end)), "")
    if len(stem) < _STEM:
        return []
    return [stem + end for end in _ENDINGS if stem + end != nickname]
