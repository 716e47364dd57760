"""Names in Arabic letters, in the Latin letters that their bearers use.

Arabic, Persian and Urdu write consonants and long vowels. What is not written has to be known: by a
table for common names, by the shape of the word for others. An a belongs between two consonants
that begin or end a word, and an i after a long a and one consonant, as in Khalid, Tariq and Nasir.
The article stands by itself, so that it is read as a particle is.

Tables name letters by signs of ASCII, after Buckwalter's transliteration: E is ayn, $ shin, x kh,
H the deep h, and S, D, T, Z are the emphatic letters; v is th, V dh, g gh. Other than there y is
either ya, A any alif, p the h or the ta at the end of a word, and a hamza counts only by the letter
that carries it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from linker.standardise.scripts.abjad import Sound, voiced
from linker.standardise.tables import groups

_LETTERS: Final = (
    "[\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06e8\u06ea-\u06ef\u06fa-\u06ff"
    "\u0750-\u077f\ufb50-\ufbc1\ufbd3-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc]+"
)
"""Letters and vowel signs; digits and commas are what they are in any script."""
ARABIC: Final = re.compile(f"{_LETTERS}(?:[ \u200c-]+{_LETTERS})*")
"""Words in Arabic letters, one after the other."""

_CODES: Final = (
    "\u0621=; \u0622=A; \u0623=A; \u0624=w; \u0625=A; \u0626=y; \u0627=A; \u0671=A; \u0628=b; "
    "\u0629=p; \u062a=t; \u062b=v; \u062c=j; \u062d=H; \u062e=x; \u062f=d; \u0630=V; \u0631=r; "
    "\u0632=z; \u0633=s; \u0634=$; \u0635=S; \u0636=D; \u0637=T; \u0638=Z; \u0639=E; \u063a=g; "
    "\u0641=f; \u0642=q; \u0643=k; \u0644=l; \u0645=m; \u0646=n; \u0647=h; \u0648=w; \u0649=y; "
    "\u064a=y; \u0679=t; \u067c=t; \u067e=P; \u0681=z; \u0685=s; \u0686=C; \u0688=d; \u0689=d; "
    "\u0691=r; \u0693=r; \u0695=r; \u0696=G; \u0698=J; \u069a=x; \u06a4=f; \u06a9=k; \u06ab=G; "
    "\u06af=G; \u06b5=l; \u06ba=n; \u06bc=n; \u06be=h; \u06c0=p; \u06c1=h; \u06c2=p; \u06c3=p; "
    "\u06c6=w; \u06cc=y; \u06cd=y; \u06ce=y; \u06d0=y; \u06d2=y; \u06d5=p"
)
"""Letters of Arabic, Persian, Urdu, Pashto and Kurdish, and the signs that name them."""

_SIGNS: Final = {
    ord(letter): sign
    for letter, _, sign in (pair.strip().partition("=") for pair in _CODES.split(";"))
}

_OTHERS: Final = dict(zip("aceioupvw", "ACyywwPfw", strict=True))
"""Signs of letters of further languages by their first letter in Latin, where that is no sign."""

_NAMES: Final = groups(
    """
    muhammad: mHmd; ahmad: AHmd; mahmud: mHmwd; ali: Ely; hasan: Hsn; husayn: Hsyn; umar: Emr;
    uthman: EvmAn; yusuf: ywsf; ibrahim: AbrAhym; ismail: AsmAEyl AsmEyl; mustafa: mSTfy mSTfA;
    said: sEyd; saad: sEd; musa: mwsy; isa: Eysy; yahya: yHyy; sulayman: slymAn; dawud: dAwd
    dAwwd; idris: Adrys; ilyas: AlyAs; yunus: ywns; ayub: Aywb; yaqub: yEqwb; ishaq: AsHAq AsHq;
    harun: hArwn; luqman: lqmAn; zakariya: zkryA; imran: EmrAn; hamza: Hmzp; abbas: EbAs; jafar:
    jEfr; kazim: kAZm; mahdi: mhdy; hadi: hAdy; fatima: fATmp; zaynab: zynb; khadija: xdyjp;
    aisha: EAy$p; maryam: mrym; zahra: zhrA AlzhrA; sumaya: smyp; ruqaya: rqyp; amina: Amnp
    Amynp; layla: lyly; salma: slmy; huda: hdy; muna: mny; suha: shy; nura: nwrp; hiba: hbp;
    hind: hnd; abdullah: EbdAllp; abdu: Ebdw Ebdp; abu: Abw; umm: Am; bin: bn; ibn: Abn; bint:
    bnt; abd: Ebd; bakr: bkr; badr: bdr; fahd: fhd; nasr: nSr; nimr: nmr; sahl: shl; fadl: fDl;
    amr: Emrw; nur: nwr; shams: $ms; fakhr: fxr; zayn: zyn; zayd: zyd; sayf: syf; sayyid: syd;
    faysal: fySl; haydar: Hydr; bilal: blAl; mubarak: mbArk; muhsin: mHsn; munir: mnyr; mukhtar:
    mxtAr; murad: mrAd; munim: mnEm; mumin: mwmn; mutaz: mEtz; mundhir: mnVr; muhanad: mhnd;
    muayad: mwyd; mansur: mnSwr; mazin: mAzn; musaid: msAEd; mahir: mAhr; osama: AsAmp; usayd:
    Asyd; anas: Ans; anwar: Anwr; amjad: Amjd; ayman: Aymn; iyad: AyAd; ihab: AyhAb; imad: EmAd;
    isam: ESAm; izz: Ez; iqbal: AqbAl; ikram: AkrAm; islam: AslAm; iman: AymAn; intisar: AntSAr;
    ibtisam: AbtsAm; alaa: ElA; adham: Adhm; hudhayfa: HVyfp; hisham: h$Am; hussam: HsAm; hilal:
    hlAl; haytham: hyvm; hani: hAny; hamdan: HmdAn; hamad: Hmd; humayd: Hmyd; hanafi: Hnfy;
    habib: Hbyb; haqqani: HqAny; jalal: jlAl; jihad: jhAd; juma: jmE; junayd: jnyd; jubayr:
    jbyr; khalil: xlyl; kamal: kmAl; luay: lwy; laith: lyv; lutfi: lTfy; yazid: yzyd; qusay:
    qSy; qutayba: qtybp; qadri: qdry; qahtan: qHTAn; qadhafi: qVAfy; riyad: ryAD; ramzi: rmzy;
    rushdi: r$dy; ridwan: rDwAn; sufyan: sfyAn; suhayl: shyl; suhayb: Shyb; sultan: slTAn;
    surur: srwr; salah: SlAH; siddiq: Sdyq; siddiqui: Sdyqy; subhi: SbHy; sabri: Sbry; shukri:
    $kry; shawqi: $wqy; shuayb: $Eyb; tawfiq: twfyq; taha: Thp Tp; turki: trky; thamir: vAmr;
    ubayd: Ebyd; ubayda: Ebydp; uday: Edy; wajdi: wjdy; wafa: wfA; yasin: yAsyn ysyn; yusri:
    ysry; zubayr: zbyr; zuhayr: zhyr; ghulam: glAm; gul: Gl; mir: myr; mulla: mlA; sheikh: $yx;
    hajj: HAj; haji: HAjy; akhtar: Axtr; akhund: Axwnd; aziz: Ezyz; azim: EZym; azhar: AZhr;
    bashar: b$Ar; bushra: b$ry; butrus: bTrs; boutros: bTrws; jirjis: jrjs; george: jwrj;
    michel: my$Al my$yl; antoun: AnTwn; pierre: byyr; hanna: HnA; murqus: mrqs; khan: xAn;
    singh: snGp; chaudhry: Cwdhry; qureshi: qry$y; ansari: AnSAry; sharif: $ryf; nawaz: nwAz;
    pervez: Prwyz; musharraf: m$rf; bhutto: bhTw bhtw; zardari: zrdAry; imtiaz: AmtyAz; shahzad:
    $AhzAd; tahira: TAhrp; yousafzai: ywsfzyy; khamenei: xAmnyy; ahmadinejad: AHmdynVAd
    AHmdynJAd; reza: rDA; javad: jwAd; behrouz: bhrwz; farhad: frhAd; fereydoun: frydwn; farid:
    fryd; khosrow: xsrw; shirin: $yryn; siavash: syAw$; golshan: Gl$n; shah: $Ap $Ah; arafat:
    ErfAt; nasrallah: nSrAllp; mursi: mrsy; masri: mSry; shami: $Amy; hashimi: hA$my; harbi:
    Hrby; ghamdi: gAmdy; utaybi: Etyby; dosari: dwsry; shammari: $mry; mutairi: mTyry; anzi:
    Enzy; juhani: jhny; shehri: $hry; subaie: sbyEy; qasimi: qAsmy; maktoum: mktwm; thani: vAny;
    sabah: SbAH; khalifa: xlyfp; saud: sEwd; sisi: sysy; omari: Emry; obeidi: Ebydy; tamimi:
    tmymy; dulaimi: dlymy; rubaie: rbyEy; sadr: Sdr; jubouri: jbwry; barzani: bArzAny bArzAnp;
    talabani: TAlbAny; erdogan: ArdwgAn; sistani: systAny; hakim: Hkym; maliki: mAlky; ghani:
    gny; karzai: krzy krzAy; hekmatyar: Hkmtyr HkmtyAr; najibullah: njybAllp; rabbani: rbAny;
    omid: Amyd; tayyib: Tyb; muqtada: mqtdy; muammar: mEmr; mishal: m$El; nizar: nzAr; mutasim:
    mEtSm; muntasir: mntSr; munzir: mnZr; muslim: mslm; musab: mSEb; murtaza: mrtDy; jundi:
    jndy; qudsi: qdsy; kurdi: krdy; turkmani: trkmAny; misbah: mSbAH; miqdad: mqdAd; firas:
    frAs; fuad: fwAd; ghufran: gfrAn; rustam: rstm; suad: sEAd; buthayna: bvynp; jumana: jmAnp;
    nuha: nhy; rula: rwlA; hiyam: hyAm; ilham: AlhAm; inas: AynAs; isra: AsrA; ibtihal: AbthAl;
    umayma: Amymp; umniya: Amnyp; ulya: ElyA; tharwat: vrwt; shihab: $hAb; shirazi: $yrAzy;
    sinwar: snwAr; siraj: srAj; dia: DyA; diab: dyAb; ghiyath: gyAv; ghazi: gAzy; kifah: kfAH;
    nidal: nDAl; rihab: rHAb; rifaat: rfEt; nasreen: nsryn; parveen: Prwyn; malik: mAlk mlk;
    john: jwn; michael: mAykl; david: dyfyd dAfyd; robert: rwbrt; james: jyms; peter: bytr;
    paul: bwl; martin: mArtn; maria: mAryA; marie: mAry; anna: AnA; carlos: kArlws; jose: xwsyp;
    fernando: frnAndw; pedro: bdrw; juan: xwAn; antonio: AntwnyA AntwnyAw; garcia: gArsyA;
    rodriguez: rwdrygz; gonzalez: gwnzAlz; hernandez: hyrnAndyz hrnAndyz; lopez: lwbyz; perez:
    byryz byrz; sanchez: sAn$yz; smith: smyv; alexander: Alksndr AlksAndr; vladimir: flAdymyr;
    joseph: jwzyf; thomas: twmAs; charles: t$Arlz $Arl; emmanuel: AymAnwyl; francois: frnswA
    """
)
"""Names whose vowels their letters do not tell, the last one of two, and how they are written.

General usage in the Arab countries, Iran, Afghanistan and Pakistan, and common names of elsewhere
as they are written there; not complete.
"""

_WORD: Final = re.compile(r"[A-Za-z$]+")
_CONSONANTS: Final = {
    **{letter: letter for letter in "bdfhjklmnqrstz"},
    **{letter: letter.lower() for letter in "PHSDTZG"},
    **dict(zip("gvCxVJ$E", ("gh", "th", "ch", "kh", "dh", "zh", "sh", ""), strict=True)),
}
_HALF_VOWELS: Final = {"w": ("w", "u"), "y": ("y", "i")}
_BEGUN: Final = {"w": ("A", "p", "y"), "y": ("A",)}
"""Where one of these follows, a letter that may be a vowel begins a syllable."""
_SAYS: Final = ("", *"Apwy")
_ALIF: Final = Sound("a", vowel=True)
_ARTICLE: Final = "Al"
_SHORTEST: Final = 2
"""Two letters after what looks like an article are not a word: Alya."""
_SERVANT: Final = "Ebd"
_GOD: Final = "Allp"
_JOINED: Final = {"Aldyn": "uddin", _GOD: "ullah"}


def arabic_in_latin(text: str) -> str:
    """Return a text with Arabic words in Latin letters, and all else as it was.

    Args:
        text: Any text.
    """
    return ARABIC.sub(lambda run: _words(_coded(run[0])), text)


def _coded(letters: str) -> str:
    """Return a run of Arabic letters as signs; what has no sign separates words, but for marks."""
    plain = unicodedata.normalize("NFKC", letters.replace("\u200c", " "))
    return "".join(_sign(letter) for letter in plain if not _mark(letter))


def _sign(letter: str) -> str:
    """Return the sign of a letter; of one of another language, that of what it is in Latin."""
    if letter.isascii() or ord(letter) in _SIGNS:
        return _SIGNS.get(ord(letter), " ")
    latin = next(filter(str.isalpha, anyascii(letter).lower()), " ")
    return _OTHERS.get(latin, latin)


def _mark(letter: str) -> bool:
    """Return whether it is a vowel sign, or the stroke that lengthens a word."""
    return unicodedata.category(letter) in {"Mn", "Lm", "Cf"}


def _words(coded: str) -> str:
    found: list[str] = []
    servant = False
    for sign in _WORD.findall(coded):
        word = f"{sign[:-1]}p" if sign.endswith("h") else sign
        if found and word in _JOINED:  # Nur al-Din is Nuruddin, Sayf Allah Sayfullah
            found[-1] = "abdullah" if servant and word == _GOD else found[-1] + _JOINED[word]
        elif servant and word.startswith(_ARTICLE):
            found[-1:] = ["abdul", _known(word.removeprefix(_ARTICLE))]
        else:
            found.append(_latin(word))
        servant = word == _SERVANT
    return " ".join(found)


@lru_cache(maxsize=1 << 15)
def _latin(word: str) -> str:
    """Return a word in Latin letters; an article written as one with it is another word."""
    if word in _NAMES or word == _GOD:
        return _NAMES.get(word, "allah")
    servant = word.removeprefix(_SERVANT + _ARTICLE)
    if len(servant) > 1 and servant != word:
        return f"abdul {_known(servant)}"
    for ending, joined in _JOINED.items():
        before = word.removesuffix(ending)
        if len(before) > 1 and before != word:
            return _known(before) + joined
    rest = word.removeprefix(_ARTICLE)
    return f"al {_known(rest)}" if len(rest) > _SHORTEST and rest != word else _known(word)


def _known(word: str) -> str:
    """Return a word as the table has it, or the word of which it is made; else by its shape."""
    if word in _NAMES:
        return _NAMES[word]
    if word[-1:] == "y" and word[:-1] in _NAMES:  # of Sulayman's people
        return _NAMES[word[:-1]] + "i"
    return voiced(_sounds(word), after_long="i")


def _sounds(word: str) -> list[Sound]:
    """Return the sounds that are written of a word."""
    found: list[Sound] = []
    for at, sign in enumerate(word):
        vowel_before = bool(found) and found[-1].vowel
        if sign in "Ap":
            if not vowel_before:
                found.append(_ALIF)
        elif word[at:] == "yp" and not vowel_before:
            found += [Sound("i", vowel=True), Sound("y")]
        elif sign in _HALF_VOWELS and found == [_ALIF] and word[at + 1 : at + 2] not in _SAYS:
            found = [Sound(_HALF_VOWELS[sign][1], vowel=True)]  # Obama, Iran
        elif sign in _HALF_VOWELS:
            consonant, vowel = _HALF_VOWELS[sign]
            first = at == 0 and len(word) > 1
            begins = first or vowel_before or word[at + 1 : at + 2] in _BEGUN[sign]
            found.append(Sound(consonant) if begins else Sound(vowel, vowel=True))
        elif sign in _CONSONANTS:
            found.append(Sound(_CONSONANTS[sign]))
    if len(found) > 1 and found[-1] == Sound("y"):
        found[-1] = Sound("i", vowel=True)
    return found
