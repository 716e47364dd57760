"""Russian, Ukrainian and Belarusian names: one form of a given name, and of a father's name.

One man is Lukashenko, Aleksandr Grigoryevich in Russian, Lukashenka, Aliaksandr Ryhoravich in
Belarusian: the languages differ in the name itself, not in its spelling alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from linker.standardise.tables import groups

_GIVEN_NAMES: Final = """
    alexander: aliaksandr alyaksandr oleksandr olexandr olexander; alexandra: aleksandra aliaksandra
    oleksandra; aleksei: aleksey alexei alexey aleksej aliaksei aliaksey aliaksiej oleksiy oleksii
    oleksij olexiy; nikolai: nikolay nikolaj mykola mikalai mikalay mikola; vladimir: volodymyr
    uladzimir wladimir wolodymyr wladymir; dmitry: dmitri dmitriy dmitrii dmitrij dmytro dmitro
    dzmitry dimitri dimitry;
    sergei: sergey sergej sergii sergiy serhiy serhii serhij siarhei siarhey
    siarhiej; andrei: andrey andrej andriy andrii andrij; evgeny: evgeni evgeniy evgenii jewgeni
    jewgenij yevgeny yevgeni yevgeniy yevhen yevheniy yauhen; mikhail: mikhailo mykhailo mykhaylo
    mihail mihailo; pavel: pavlo paval; petr: pyotr petro piatro pyatro piotr; vasily: vasiliy
    vasilii vasil vasyl wassili wassilij; grigory: grigori grigoriy grigorii hryhoriy hryhorii
    ryhor; gennady: gennadi gennadiy gennadii hennadiy hennadii henadz; yuri: yury yuriy yurii iurii
    juri jurij; igor: ihor ihar; oleg: oleh aleh; victor: viktor viktar wiktor; leonid: leanid
    lieanid; maksim: maxim maksym; artem: artyom artsiom; anatoly: anatoli anatoliy anatolii anatol;
    kirill: kiril kyrylo kiryl; ilya: illia illya; stanislav: stanislau; vyacheslav: viacheslav
    viachaslau wjatscheslaw; vladislav: vladyslav uladzislau wladislaw wladyslaw; yaroslav:
    yaraslau; konstantin: kostiantyn kostyantyn kanstantsin; fyodor: fedor fedir; nikita: mykyta
    mikita; valery: valeri valeriy valerii waleri walerij; vitaly: vitali vitaliy vitalii witali
    witalij; elena: olena yelena; olga: olha volha; natalia: natalya nataliya nataliia natallia;
    tatiana: tatyana tetiana tetyana tatsiana; irina: iryna; svetlana: svitlana sviatlana;
    ekaterina: yekaterina kateryna katsiaryna; yulia: yuliya yuliia iuliia; lyudmila: liudmila
    liudmyla lyudmyla ludmila; galina: halyna halina; marina: maryna; maria: mariya mariia; daria:
    darya dariya; anastasia: anastasiya anastasiia nastassia; victoria: viktoria viktoriya
    viktoryia; larisa: larysa; valentina: valentyna valiantsina
"""
"""Russian, Ukrainian and Belarusian forms of one given name, as passports and Germans write them.

One person is written in several: the sanctions lists of the United States have Siarhei and Sergei,
Oleksandr and Alexander, Mykola and Nikolai of one man. General usage; not a complete list.
"""

_FATHERS: Final = re.compile(
    r"(?P<stem>[a-z]{2,}?)[aeioyj]{1,3}(?:(?P<son>v(?:[iy]|it)ch|witsch)|(?:v|u|w)na)"
)
"""A name after the father: Grigorievich, Hryhoryavich; Vladimirovna, Uladzimirauna."""
_SON: Final = "ovich"
_DAUGHTER: Final = "ovna"
_ENDING: Final = re.compile(r"[aeioyj]+$")


def father_name(word: str) -> str:
    """Return a name after the father in one form, and any other word as it is.

    Args:
        word: One lower-case ASCII word of a name.
    """
    found = _FATHERS.fullmatch(word)
    if found is None:
        return word
    stem = found["stem"]
    return _fathers().get(stem, stem) + (_SON if found["son"] else _DAUGHTER)


@cache
def slavic_roots() -> Mapping[str, str]:
    """Return the form that stands for each form of a given name."""
    return groups(_GIVEN_NAMES)


@cache
def _fathers() -> Mapping[str, str]:
    """Return for the stem of each form of a given name that of the form that stands for it."""
    roots = slavic_roots()
    forms = {**roots, **{root: root for root in roots.values()}}
    return {_ENDING.sub("", form): _ENDING.sub("", root) for form, root in forms.items()}
