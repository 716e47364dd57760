"""Names in scripts that leave vowels out, in Latin letters."""

from __future__ import annotations

import pytest
from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.name_keys import name_keys
from linker.standardise.names import NameWords, read_full_name
from linker.standardise.scripts.latin import in_latin

SAME = [
    ("محمد المصري", "Mohammed Al Masri"),
    ("أحمد حسن", "Ahmed Hassan"),
    ("خالد الخطيب", "Khaled Al-Khatib"),
    ("الخطيب، خالد", "Al-Khatib, Khaled"),
    ("يوسف إبراهيم", "Youssef Ibrahim"),
    ("عبد الرحمن العلي", "Abdul Rahman Al Ali"),
    ("عبدالرحمن", "Abdurrahman"),
    ("عبد الله بن سعيد", "Abdullah bin Said"),
    ("نور الدين محمود", "Noureddine Mahmoud"),
    ("سيف الله", "Saifullah"),
    ("طارق عزيز", "Tariq Aziz"),
    ("فيصل صديقي", "Faisal Siddiqui"),
    ("جمال عبد الناصر", "Gamal Abdel Nasser"),
    ("حسن روحانی", "Hassan Rouhani"),
    ("علی‌رضا", "Ali Reza"),
    ("مُحَمَّد", "Mohamed"),
    ("ﻣﺤﻤﺪ", "Mohamed"),
    ("باراك أوباما", "Barak Obama"),
    ("דוד כהן", "David Cohen"),
    ("משה לוי", "Moshe Levi"),
    ("נתן ברגמן", "Nathan Bargaman"),
    ("नरेंद्र मोदी", "Narendra Modi"),
    ("राहुल शर्मा", "Rahul Sharma"),
    ("हरीश सिंह", "Harish Singh"),
    ("ज़ाकिर ख़ान", "Zakir Khan"),
    ("অমিত দাস", "Amit Das"),
    ("মোহাম্মদ রহমান", "Mohammad Rahman"),
    ("ਮਨਮੋਹਨ ਸਿੰਘ", "Manmohan Singh"),
    ("નરેન્દ્ર પટેલ", "Narendra Patel"),
    ("விஜயன்", "Vijayan"),
    ("సుబ్రహ్మణ్యం", "Subrahmanyam"),
    ("ನಾರಾಯಣ ಮೂರ್ತಿ", "Narayana Murti"),
    ("പിണറായി വിജയൻ", "Pinarayi Vijayan"),
    ("박지성", "Park Ji-sung"),
    ("이명박", "Lee Myung-bak"),
    ("남궁민수", "Namgung Minsu"),
    ("欧阳峰", "Ouyang Feng"),
    ("สมชาย ถนอม", "Somchai Thanom"),
    ("ทักษิณ พิชิต", "Thaksin Phichit"),
    ("ประยุทธ์ จันทร์โอชา", "Prayut Chanocha"),
    ("อภิสิทธิ์ เวชชาชีวะ", "Aphisit Wetchachiwa"),
    ("เปรม ติณสูลานนท์", "Prem Tinsulanon"),
    ("แพทองธาร บุญมี", "Phaethongthan Bunmi"),
    ("เกรียงไกร สมศักดิ์", "Kriangkrai Somsak"),
    ("គឹម តារា", "Kim Tara"),
    ("Владимир Петров", "Vladimir Petrov"),
    ("Татьяна Васильева", "Tatiana Vasilieva"),
    ("Алексей Соловьёв", "Aleksei Soloviev"),
    ("Объедков Пётр", "Obyedkov Petr"),
    ("Нурсултан Назарбаев", "Nursultan Nazarbayev"),
    ("Ильхам Алиев", "Ilham Aliyev"),
    ("Григорій Голуб", "Hryhoriy Holub"),
    ("Олексій Гриценко", "Oleksiy Hrytsenko"),
    ("Лук'яненко Євген", "Lukianenko Yevhen"),
    ("Слободан Милошевић", "Slobodan Milosevic"),
    ("Ђорђе Ћирић", "Djordje Ciric"),
    ("Dragan Đorđević", "Dragan Djordjevic"),
    ("Đặng Văn Đức", "Dang Van Duc"),
    ("Қасым-Жомарт Тоқаев", "Kassym-Jomart Tokayev"),
    ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
    ("ΠΑΠΑΝΔΡΕΟΥ ΑΝΔΡΕΑΣ", "Papandreou Andreas"),
    ("Ευάγγελος Βενιζέλος", "Evangelos Venizelos"),
    ("Παύλος Μπούρας", "Pavlos Bouras"),
    ("Ευθύμιος Γκίκας", "Efthymios Gikas"),
    ("Ντίνος Αϊβαλής", "Dinos Aivalis"),
]


def keys(name: str) -> list[str]:
    words: NameWords = read_full_name(name)
    return sorted((name_keys(f"{words.given}|{words.family}") or "").split())


@pytest.mark.parametrize(("native", "latin"), SAME)
def test_a_name_has_one_key_in_any_letters(native: str, latin: str) -> None:
    """A name in its own letters has the keys of the same name as it is usually romanised."""
    assert keys(native) == keys(latin)


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("محمد سلطان", "Mohammed Salman"),
        ("حسن", "حسين"),
        ("دانيال", "Daniel al-Sayed"),
        ("राम", "Rahim"),
    ],
)
def test_other_names_have_other_keys(native: str, latin: str) -> None:
    """Vowels that are put in do not make two names one."""
    assert keys(native) != keys(latin)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("شركة النفط الوطنية", "sharka al nafat al watniya"),
        ("Ali علي 55", "Ali ali 55"),
        ("(محمد)", "(muhammad)"),
        ("José", "Jose"),
        ("Иван 'Ежов'", "Ivan 'Ezhov'"),
        ("ओम १२", "om 12"),
        ("حي ١٢، بغداد", "hi 12, baghdad"),
        ("۴۴ ੧੨ ௧௨ ๑๒", "44 12 12 12"),
        ("בן־אור", "ben-or"),
        ("\u0640\u064e", ""),
        ("\u094d\u093e", ""),
        ("\u0e32\u0e4c", ""),
    ],
)
def test_what_is_around_a_script_stays(text: str, expected: str) -> None:
    """Only the words of a script are read by its rules; marks by themselves say nothing."""
    assert in_latin(text) == expected


@given(
    st.text(
        st.characters(min_codepoint=0x370, max_codepoint=0xD7F)
        | st.sampled_from(" -'\u200c\u200d"),
        max_size=40,
    )
)
def test_any_letters_can_be_read(text: str) -> None:
    """Whatever stands beside what, the result is ASCII, and reading it again changes nothing."""
    found = in_latin(text)
    assert found.isascii()
    assert in_latin(found) == found


BLOCKS = [(0x370, 0x52F), (0x5D0, 0x5F2), (0x620, 0x77F), (0x900, 0xD7F), (0xE01, 0xE2E)]
SILENT = "\u0621\u0639"
"""A hamza by itself, and the letter ayn, are no sounds of Latin letters."""


def test_no_letter_is_lost() -> None:
    """Every letter of a script says something, also those that only few languages have."""
    letters = [chr(code) for first, last in BLOCKS for code in range(first, last + 1)]
    named = [letter for letter in letters if letter.isalpha() and letter not in SILENT]
    told = [letter for letter in named if any(map(str.isalnum, anyascii(letter)))]
    assert [letter for letter in told if not in_latin(f"{letter}{letter}").strip()] == []
