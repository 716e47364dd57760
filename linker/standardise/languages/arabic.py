"""Arabic given names, each in the spellings of those who write it in Latin letters.

English, French, German and Turkish clerks each hear their own letters: Khalid is Chalid, Rashid
Rachid, Mahmud Mahmut; Persian and Urdu have vowels of their own. What one rule undoes is in
`linker.standardise.name_keys`; here are the spellings that no rule brings together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from linker.standardise.tables import groups

_GIVEN_NAMES: Final = """
    ahmad: ahmed achmed achmad ahmet ahamed ahamad; khalid: khaled chalid chaled khaleed; husayn:
    hussein hussain husain hossein hosein houssein hocine houcine hussien huseyin huseyn; hasan:
    hassan hacen hacene hassen hassane; salih: saleh saleeh; said: saeed saied saeid; sayed: sayyid
    sayyed syed seyed seyyed sayid; uthman: othman osman ousmane usman outhmane; ibrahim: ebrahim
    ibrahem brahim ibraim; ismail: ismael esmail ismaeel esmaeel smail; yusuf: yousef youssef yousuf
    yusef youcef yussuf youssouf yousif jusuf; umar: omar oumar umer; ali: aly; usama: osama
    oussama; abdallah: abdullah abdulla abdellah; nasir: nasser nacer; mustafa: mustapha moustapha;
    sulayman: suleiman sulaiman soleiman souleymane sleiman slimane soliman; khadija: khadidja
    khadijah; aisha: aysha ayesha aicha aishah; fatima: fatma fatemeh fatimeh fathima; zaynab:
    zainab zeinab zeynab zineb zenab zeynep; maryam: mariam meryem meriem; qasim: qasem kassem kacem
    ghasem; jamal: djamel jamel gamal djamal cemal; jamil: djamil gamil jameel cemil; rashid: rachid
    rasheed; yahya: yehia yahia yehya; mahmud: mahmoud mahmood mehmood mahmut mamoud; walid: waleed
    oualid; daud: daoud dawud dawood davood davud; bashir: bachir basheer; sharif: cherif sherif
    shareef; jalal: djalal djelal; isa: issa eissa essa aissa; ayub: ayoub ayyub ayoob eyup; yaqub:
    yaqoub yakub yacoub yakoub yaqoob; idris: driss idriss edris; anwar: anouar; marwan: marouane
    merouane; sufyan: sofiane soufiane sufian sofyan; hisham: hicham hesham; rafiq: rafik rafic;
    karim: kareem kerim; adil: adel adeel; majid: madjid majeed; ashraf: achraf; shakir: chakir
    shaker chaker; shukri: chokri choukri shokri; rashida: rachida; ziyad: ziad zyad zeyad; wael:
    wail; amin: amine ameen; taher: tahir tahar; munim: munem moneim monem; rahim: raheem rochim;
    ghassan: rhassan; lutfi: lotfi loutfi; murad: mourad morad; nabil: nabeel; farid: fareed ferid;
    habib: habeeb; salim: saleem selim; samir: sameer; shahin: chahine shaheen; abdelkader:
    abdulqadir abdulkadir abdelqader abdalqader abdoulkader; bilal: belal bilel; zakariya: zakaria
    zekeriya zakarya; haidar: hayder haydar haider hyder; luay: louay loay; thamir: thamer; jafar:
    jaafar jaffar djaafar; alauddin: alaeddin alaeddine aladdin; saif: sayf seif; taufiq: tawfiq
    toufik tewfik taoufik
"""
"""The spelling that stands for the group, which one has no meaning, and the others.

General usage from the Maghreb to Pakistan and Indonesia; not complete.
"""

_MUHAMMAD: Final = re.compile(
    r"m[aou]+h+a?m+[aeiou]+[dt]|m[ou]k?h?amm?[ae]d|mohd|mhd|muhd|mehme[dt]|mahome[dt]|mahamm?ad"
)
_MAHMUD: Final = re.compile(r"m[ao]h+a?m+[ou]+[dt]")
"""Mahmud in Somalia, where the name begins as Mohamed does, is Mohamud."""


def muhammad_or_mahmud(name: str) -> str | None:
    """Return which of the two a name is, whatever its vowels; None where it is neither.

    Args:
        name: One lower-case ASCII name.
    """
    if _MAHMUD.fullmatch(name):
        return "mahmud"
    return "muhammad" if _MUHAMMAD.fullmatch(name) else None


@cache
def arabic_roots() -> Mapping[str, str]:
    """Return the spelling that stands for each other spelling."""
    return groups(_GIVEN_NAMES)
