"""Encodings found, and encodings configured."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from linker.errors import SourceError
from linker.sources.read import SourceRows

Read = Callable[..., SourceRows]

SPANISH = ["José Martínez", "Íñigo Muñoz de la Peña", "Begoña Ibáñez", "Tomás Güemes Ángel"]
CHINESE = ["張偉明", "李小龍", "陳大文", "王麗華"]
RUSSIAN = ["Иванов Иван Иванович", "Кузнецова Мария", "Сидоров Пётр", "Соколова Анна"]


def table(names: list[str]) -> str:
    return "id,name\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names))


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (SPANISH, "utf-8"),
        (SPANISH, "utf-8-sig"),
        (SPANISH, "utf-16"),
        (SPANISH, "utf-16-le"),
        (SPANISH, "utf-16-be"),
        (SPANISH, "utf-32"),
        (SPANISH, "cp1252"),
        (SPANISH, "cp850"),
        (SPANISH, "mac-roman"),
        (RUSSIAN, "cp1251"),
        (CHINESE, "big5"),
        (["张伟明", "李小龙", "陈大文", "王丽华"], "gb18030"),
    ],
)
def test_the_encoding_is_found(read: Read, names: list[str], encoding: str) -> None:
    """A file in any usual encoding is read without being told which."""
    assert read(table(names).encode(encoding)).rows["full_name"].to_list() == names


@pytest.mark.parametrize("name", SPANISH)
def test_one_accented_name_in_a_large_file_is_enough(read: Read, name: str) -> None:
    """Windows Latin is told from one line, however far down, and is preferred among equals."""
    found = read(table(["Ann"] * 100_000 + [name]).encode("cp1252"))
    assert found.rows["full_name"][-1] == name


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf-8-sig", "utf_16", "latin-1", "CP850"])
def test_a_configured_encoding_is_obeyed(read: Read, encoding: str) -> None:
    """A configured encoding is used, by any of its names, with or without a byte order mark."""
    found = read(table(SPANISH).encode(encoding), encoding=encoding)
    assert found.rows["full_name"].to_list() == SPANISH


def test_a_byte_order_mark_is_no_part_of_the_first_name(read: Read) -> None:
    """A byte order mark that the configured encoding keeps is taken off the header."""
    assert read(("\ufeff" + table(SPANISH)).encode("utf-16-le"), encoding="utf-16-le").total == 4


def test_the_wrong_configured_encoding_names_the_place(read: Read) -> None:
    """An encoding that does not fit is refused with the byte, the line and the one detected."""
    content = table(["Ann", *SPANISH]).encode("cp1252")
    at = content.index("é".encode("cp1252"))
    with pytest.raises(SourceError, match=rf"byte {at} \(line 3\).*looks like 'cp1252'"):
        read(content, encoding="utf-8")


@pytest.mark.parametrize("distance", [0, 1, 2**20 - 4, 2**20 - 1, 2**20, 3 * 2**20 + 7])
def test_the_place_is_exact_anywhere_in_a_file(read: Read, distance: int) -> None:
    """The offset is right on either side of the stretches that a file is read in."""
    start = "id,name\n1,é".encode()
    content = start + b"x" * distance + b"\xe9\n"
    with pytest.raises(SourceError, match=rf"byte {len(start) + distance:,} \(line 2\)"):
        read(content, encoding="utf-8")


def test_damaged_utf_8_is_not_taken_for_another_encoding(read: Read) -> None:
    """One broken byte among sound UTF-8 is named, not read as another encoding's letters."""
    content = table(SPANISH).encode() + b"9,\xff\n"
    with pytest.raises(SourceError, match=rf"byte {len(content) - 2} \(line 6\).*mend the file"):
        read(content)


def test_an_unknown_encoding_gets_a_hint(read: Read) -> None:
    """A misspelt encoding is refused with the nearest one there is."""
    with pytest.raises(SourceError, match=r"encoding 'cp125' is not known; did you mean 'cp125"):
        read(table(SPANISH), encoding="cp125")


@pytest.mark.parametrize("encoding", ["hex", "rot13", "unicode_escape", "idna", "mbcs", "", "\x00"])
def test_codecs_that_are_no_encodings_are_refused(read: Read, encoding: str) -> None:
    """A codec of another purpose is not known as an encoding."""
    with pytest.raises(SourceError, match="is not known"):
        read(table(SPANISH), encoding=encoding)


def test_gzip_is_told_by_name_or_content(read: Read) -> None:
    """A gzip file is unpacked whether or not its name says so, and its encoding found."""
    content = gzip.compress(table(SPANISH).encode("cp1252"))
    for name in ("people.csv.gz", "people.csv"):
        assert read({name: content}).rows["full_name"].to_list() == SPANISH


def test_control_characters_become_spaces(read: Read) -> None:
    """NUL and other control characters in a value are replaced by spaces, then trimmed."""
    found = read('id,name\n1,"a\x00b\nc\x7f"\n2,\x1b\n')
    assert found.rows["full_name"].to_list() == ["a b c", None]
