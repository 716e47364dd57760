"""Delimited text, exactly as the standard library reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linker.errors import SourceError
from linker.sources.read import SourceRows

Read = Callable[..., SourceRows]

FIELDS = {"full_name": "name"}
# All that has a meaning to a CSV parser, and a little that has none.
TRICKY = st.text(alphabet='ab,;"\n\r\t| é0', max_size=8)


def names(found: SourceRows) -> list[str | None]:
    return found.rows["full_name"].to_list()


def tidy(value: str) -> str | None:
    return "".join(" " if ord(c) < 32 else c for c in value).strip() or None


@given(
    rows=st.lists(st.lists(TRICKY, min_size=3, max_size=3), min_size=1, max_size=12),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_whatever_is_written_is_read_back(
    read: Read, rows: list[list[str]], delimiter: str, quoting: int, line_end: str
) -> None:
    """Any values that the csv module writes are read back, trimmed, in their rows."""
    if any(set("\r\n") & set(value) for row in rows for value in row):
        quoting = csv.QUOTE_ALL  # older csv writers quote the chosen line end only
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    writer.writerow(["id", "name", "sex", "city"])
    writer.writerows([number, *row] for number, row in enumerate(rows, start=1))
    fields = {"full_name": "name", "sex": "sex", "city": "city"}
    found = read(text.getvalue(), fields=fields, delimiter=delimiter)
    expected = [(str(n), n, *map(tidy, row)) for n, row in enumerate(rows, start=1)]
    assert found.rows.select("record_id", "row", *fields).rows() == expected
    assert found.rejected.is_empty()
    assert found.total == len(rows)


@given(st.text(alphabet='ab,"\n\r 1', min_size=1, max_size=60))
def test_any_text_is_read_as_the_csv_module_reads_it(read: Read, body: str) -> None:
    """Sound rows of any text are those of the csv module, and all other rows are rejected."""
    reader = csv.reader(io.StringIO("id,name\n" + body, newline=""), strict=True)
    next(reader)
    try:
        rows = [row for row in reader if row and not (len(row) == 1 and not row[0].strip())]
    except csv.Error:
        assume(False)  # broken quotes have tests of their own
    assume(rows)
    found = read("id,name\n" + body, delimiter=",", record_id="name", fields={"full_name": "id"})
    sound = [(n, tidy(row[0]), tidy(row[1])) for n, row in enumerate(rows, 1) if len(row) == 2]
    first: dict[str, tuple[int, str | None]] = {}
    for number, name, record_id in sound:
        if record_id is not None:
            first.setdefault(record_id, (number, name))
    assert found.rows.select("record_id", "row", "full_name").rows() == [
        (record_id, *rest) for record_id, rest in first.items()
    ]
    assert found.total == len(rows)
    assert len(found.rows) + len(found.rejected) == len(rows)


def test_rows_of_another_width_are_rejected_by_number(read: Read) -> None:
    """A row with too few or too many fields is rejected, and says how many it has."""
    found = read("id,name,sex\n1,Ann,f\n2,Bo\n\n3,Cy,m,x,y\n4\n5,Di,f\n")
    assert found.rows["row"].to_list() == [1, 5]
    assert found.rejected.select("row", "column", "value_class", "reason").rows() == [
        (2, None, "2 fields instead of 3", "too few fields"),
        (3, None, "5 fields instead of 3", "too many fields"),
        (4, None, "1 field instead of 3", "too few fields"),
    ]
    assert found.total == 5


def test_row_numbers_hold_far_into_a_file(read: Read) -> None:
    """Row numbers count every record, across quoted newlines, bad rows and blank lines."""
    lines = [f'{n},"two\nlines"\n' if n % 3 else f"{n},x,y\n\n" for n in range(1, 70_001)]
    found = read("id,name\n" + "".join(lines))
    assert found.total == 70_000
    assert (found.rows["record_id"].cast(int) == found.rows["row"]).all()
    assert found.rejected["row"].to_list() == list(range(3, 70_001, 3))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_found(read: Read, delimiter: str, line_end: str) -> None:
    """Comma, semicolon, tab and bar are told apart, whatever ends the lines."""
    rows = [["id", "name", "note"], ["1", "Ann", "a,b;c"], ["2", "Bo", "x|y"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    assert names(read(text.getvalue())) == ["Ann", "Bo"]


def test_a_configured_delimiter_is_obeyed(read: Read) -> None:
    """A configured delimiter counts, even one that is not looked for."""
    assert names(read("id~name\n1~a,b\n", delimiter="~")) == ["a,b"]
    with pytest.raises(SourceError, match="cannot be a delimiter"):
        read("id,name\n1,a\n", delimiter='"')


def test_a_stray_quote_within_a_value_is_text(read: Read) -> None:
    """A quote within an unquoted value is part of it, and doubled quotes are one."""
    assert names(read('id,name\n1,O"Brien\n2,"El ""Chapo"" Guzman"\n')) == [
        'O"Brien',
        'El "Chapo" Guzman',
    ]


def test_text_after_a_closing_quote_is_rejected(read: Read) -> None:
    """A row with text after a closing quote is left out, and the rows after it are read."""
    found = read('id,name,sex\n1,"El Chapo" Guzman,m\n2,"6" tall",m\n3,Ann,f\n')
    assert found.rows["row"].to_list() == [3]
    assert found.rejected["row"].to_list() == [1, 2]
    assert set(found.rejected["reason"]) == {"text after a closing quote"}


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('1,Ann\n2,"Bo\n3,Cy\n', 3),
        ('1,Ann\n2,"Bo\n3,"Cy"\n', 3),
        ('1,"two\nlines"\n2,"Bo\n', 4),
        ('"1\n1","Bo\n', 3),
        ('1,"x" y,"Bo\n2,Cy\n', 2),
        ('1,"Bo', 2),
    ],
)
def test_a_quote_left_open_is_refused_where_it_opens(read: Read, body: str, line: int) -> None:
    """A quote that is not closed stops the reading, and the line on which it opens is named."""
    with pytest.raises(SourceError, match=rf"people\.csv: the quote that opens on line {line} "):
        read("id,name\n" + body, delimiter=",")


def test_a_very_long_value_is_read(read: Read) -> None:
    """A narrative of hundreds of thousands of characters is one value."""
    assert names(read(f'id,name\n1,"{"x" * 300_000}"\n')) == ["x" * 300_000]


def test_a_field_without_end_is_refused(read: Read) -> None:
    """A field past any sensible length names its line, be it quoted or not."""
    with pytest.raises(SourceError, match="line 2 has a field of more than"):
        read("id,name\n1," + "x" * 17_000_000)


def test_files_without_a_header_have_numbered_columns(read: Read) -> None:
    """Without a header row the columns are column_1, column_2 and so on."""
    found = read(
        "7,Ann\n8,Bo\n", header=False, record_id="column_1", fields={"full_name": "column_2"}
    )
    assert found.rows.select("record_id", "row", "full_name").rows() == [
        ("7", 1, "Ann"),
        ("8", 2, "Bo"),
    ]


def test_a_column_named_twice_is_refused_by_its_places(read: Read) -> None:
    """Two columns of one name are refused by number, since the name may be data."""
    with pytest.raises(SourceError, match="columns 2 and 3 of the header row") as caught:
        read("id,Garcia, Garcia\n1,a,b\n")
    assert "arcia" not in str(caught.value)


def test_header_names_are_trimmed_and_nameless_ones_numbered(read: Read) -> None:
    """Header names count without the white space around them; one without a name has a number."""
    found = read(" id , name,\n1,Ann,zz\n", retain=["column_3"])
    assert found.rows["retained"].to_list() == ['{"column_3":"zz"}']


def test_blank_lines_and_the_old_end_of_file_mark_are_no_rows(read: Read) -> None:
    """Blank lines anywhere and a final control-Z are not rows."""
    found = read("\n\nid,name\n\n1,Ann\n   \n2,Bo\n\x1a")
    assert (names(found), found.total) == (["Ann", "Bo"], 2)


def test_single_column_files_are_read(read: Read) -> None:
    """A file of one column needs no delimiter."""
    found = read("name\nAnn\n\nBo\n", record_id="name")
    assert (names(found), found.total) == (["Ann", "Bo"], 2)


@pytest.mark.parametrize("content", ["id,name\n", "id,name", "\n\n", " \n"])
def test_a_file_without_rows_is_refused(read: Read, content: str) -> None:
    """A header alone, or nothing but blank lines, is an error that says there are no rows."""
    with pytest.raises(SourceError, match=r"people\.csv: holds no rows"):
        read(content)


def test_a_broken_header_row_is_refused(read: Read) -> None:
    """A header row with text after a closing quote is refused."""
    with pytest.raises(SourceError, match="first row has text after a closing quote"):
        read('"id"x,name\n1,Ann\n', delimiter=",")
