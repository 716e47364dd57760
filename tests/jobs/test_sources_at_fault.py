"""A source at fault: one line that names it and the fix, and the store is as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.jobs.running import run
from tests.jobs.world import CASE_COLUMNS, CONFIG, Row, csv_text, usual_rows, write_world

Write = Callable[..., Path]

GOOD = csv_text(usual_rows()["cases"], CASE_COLUMNS)
HEADER = GOOD.splitlines()[0] + "\n"
CSV = 'path = "cases.csv"'


@pytest.fixture
def faulty(untouched: Path, tmp_path: Path) -> Write:
    """Write a configuration that names the linked store, with changed text and changed cases."""

    def write(*changes: tuple[str, str], cases: str | bytes = GOOD) -> Path:
        text = CONFIG.replace('"store"', f'"{untouched.parent / "store"}"')
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        config = write_world(tmp_path / "faulty", config=text)
        content = cases if isinstance(cases, bytes) else cases.encode()
        config.with_name("cases.csv").write_bytes(content)
        return config

    return write


def refused(config: Path, *words: str) -> bool:
    """Tell whether both a run and its rehearsal end in one line with these words."""
    rehearsed = run("link", "--config", config, "--dry-run").refused(*words)
    return run("link", "--config", config).refused(*words) and rehearsed


def every_case(**values: str) -> str:
    """The usual cases, all with the same values in some columns."""
    rows: list[Row] = [row | values for row in usual_rows()["cases"]]
    return csv_text(rows, CASE_COLUMNS)


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        (b"", ["source 'cases'", "cases.csv", "is empty", "export it again"]),
        ("\n" * 3, ["cases.csv", "holds no rows", "correct path"]),
        (HEADER, ["cases.csv", "holds no rows", "correct path"]),
        (GOOD.replace(",dob,", ",dobb,"), ["cases.csv", "no column 'dob'", "mean 'dobb'?"]),
        (GOOD.replace("Wanda", '"Wanda'), ["cases.csv", "quote", "line 8", "close it"]),
        (every_case(dob="soon"), ["source 'cases'", "column 'dob'", "38 of 38 values", "formats"]),
        (every_case(id=""), ["38 of 38 rows are bad", "record id is missing", "bad_row_limit"]),
        (GOOD + "x98,too short\n" * 5, ["5 of 43 rows", "11.6%, allowed 5.0%", "too few fields"]),
        (every_case(name="", dob="1980-01-01"), ["rows are bad", "names nobody", "mapping"]),
    ],
    ids=[
        *("0 bytes", "blank lines", "header only", "no column", "open quote", "no dates"),
        *("no ids", "too many bad rows", "nobody named"),
    ],
)
def test_a_file_that_cannot_be_trusted(faulty: Write, cases: str | bytes, words: list[str]) -> None:
    """What is wrong with a file's content is said in one line with the file and the fix."""
    assert refused(faulty(cases=cases), *words)


def test_a_file_that_is_not_there(faulty: Write) -> None:
    """A missing file is named, with the directory that was looked in."""
    config = faulty()
    config.with_name("cases.csv").unlink()
    assert refused(config, "source 'cases'", "no such file", str(config.parent), "correct path")


def test_a_directory_in_place_of_a_file(faulty: Write) -> None:
    """A directory is no file; the line says how its files are named."""
    config = faulty()
    config.with_name("cases.csv").unlink()
    config.with_name("cases.csv").mkdir()
    assert refused(config, "cases.csv", "is a directory", "'folder/*.csv'")


def test_a_glob_that_matches_nothing(faulty: Write) -> None:
    """A pattern without a file is refused as one."""
    assert refused(faulty((CSV, 'path = "case_*.csv"')), "case_*.csv", "matches no file")


@pytest.mark.parametrize("keep", [0.02, 0.5, 0.98], ids=["head", "half", "nearly whole"])
def test_a_truncated_parquet_file(faulty: Write, keep: float) -> None:
    """A Parquet file that was cut short is told as that, wherever it ends."""
    config = faulty((CSV, 'path = "cases.parquet"'))
    path = config.with_name("cases.parquet")
    pl.read_csv(GOOD.encode(), infer_schema=False).write_parquet(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    assert refused(config, "cases.parquet", "cut short", "fetch or write it again")


def test_a_wrong_encoding(faulty: Write) -> None:
    """A byte that the configured encoding does not have is named, with a better guess."""
    config = faulty(
        (CSV, f'{CSV}\nencoding = "utf-8"'),
        cases=GOOD.replace("Zaragoza", "Peña").encode("cp1252"),
    )
    assert refused(config, "cases.csv", "not 'utf-8'", "line 5", "'cp1252'", "correct encoding")


def test_an_unknown_encoding(faulty: Write) -> None:
    """An encoding that does not exist is answered with the nearest that does."""
    config = faulty((CSV, f'{CSV}\nencoding = "utf-88"'))
    assert refused(config, "cases.csv", "'utf-88' is not known", "did you mean 'utf-8'?")


def test_the_bad_rows_allowed_are_the_sources_own(faulty: Write) -> None:
    """A source's own limit of bad rows stands before the run's."""
    config = faulty((CSV, f"{CSV}\nbad_row_limit = 0"), cases=GOOD + "x99,too short\n")
    assert refused(config, "1 of 39 rows", "2.6%, allowed 0.0%")
    config = faulty((CSV, f"{CSV}\nbad_row_limit = 0.2"), cases=GOOD + "x98,too short\n" * 5)
    counted = run("link", "--config", config, "--dry-run", "--json").json
    assert [source["quarantined"] for source in counted["sources"]] == [0, 5, 0]


def test_a_delta_source_is_rehearsed(faulty: Write) -> None:
    """A rehearsal counts what a delta source's files come to, and refuses one that has none."""
    delta = f'{CSV}\nmode = "delta"\ndeleted = "out"'
    header, *rows = GOOD.splitlines()
    gone = [f"{header},out", *(f"{row}," for row in rows), f"{rows[0]},yes"]
    config = faulty((CSV, delta), cases="\n".join(gone) + "\n")
    (counts,) = [
        source
        for source in run("link", "--config", config, "--dry-run", "--json").json["sources"]
        if source["name"] == "cases"
    ]
    told = [counts[name] for name in ("rows", "mentions", "superseded", "deletions")]
    assert told == [39, 37, 1, 1]
    config.with_name("cases.csv").unlink()
    rehearsed = run("link", "--config", config, "--dry-run")
    assert rehearsed.refused("source 'cases'", "cases.csv", "no such file", "correct path")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((CSV, f'{CSV}\ndeleted = "out"'), ["source 'cases': deleted", 'mode = "delta"']),
        (("record_id", "recordid"), ["source 'cases'", "'recordid'", "mean 'record_id'?"]),
        (('full_name = "name"', 'ful_name = "name"'), ["'ful_name'", "mean 'full_name'?"]),
        (('kind = "case"', 'kind = "cases"'), ["source 'cases': kind", "'case'"]),
        (("[link]", "[lynk]"), ["unknown key 'lynk'", "mean 'link'?"]),
        (("as_of = 2026-06-30", "as_of = 'soon'"), ["link: as_of", "date"]),
        (('entity = "person"', 'entity = "organization"'), ["'full_name'", "organization"]),
        (("[store]", "[store"), ["not valid TOML", "line 1"]),
        (("[link]", '[person]\nmodels = "m"\n[link]'), ["'models'", "mean 'model'?"]),
    ],
    ids=[
        "deleted",
        "key",
        "field",
        "kind",
        "section",
        "date",
        "entity",
        "syntax",
        "entity section",
    ],
)
def test_a_mistake_in_the_configuration(
    faulty: Write, change: tuple[str, str], words: list[str]
) -> None:
    """A mistake in the configuration is named with its file, its place and the nearest valid."""
    config = faulty(change)
    assert refused(config, str(config), *words)


def test_a_blocking_rule_past_its_budget(faulty: Write) -> None:
    """A rule that makes too many pairs is named with its pairs and its budget."""
    rule = '[[person.blocking]]\nname = "year"\nkey = ["birth_date:year"]\nmax_pairs = 3\n\n'
    config = faulty(("[link]", f"{rule}[link]"))
    rows = usual_rows()
    years = Counter(row["dob"][:4] for row in rows["cases"] + rows["arrests"] if "dob" in row)
    pairs = sum(count * (count - 1) // 2 for count in years.values())
    words = [f"rule 'year' makes {pairs} candidate pairs", "budget is 3", "raise its max_pairs"]
    assert refused(config, "person: blocking", *words)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("birth_dat:year", ["person: blocking 'r'", "'birth_dat'", "mean 'birth_date'?"]),
        ("birth_date:yaer", ["person: blocking 'r'", "'yaer'", "mean 'year'?"]),
    ],
)
def test_a_blocking_rule_that_cannot_be_read(faulty: Write, key: str, words: list[str]) -> None:
    """A rule on an unknown column or with an unknown transform is answered with the nearest."""
    rule = f'[[person.blocking]]\nname = "r"\nkey = ["{key}"]\n\n'
    assert refused(faulty(("[link]", f"{rule}[link]")), *words)


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ('kind = "list_near", column = "emails", same_digit = true', ["mean 'same_digits'?"]),
        ('kind = "overlap", column = "email"', ["'email'", "mean 'emails'?"]),
    ],
)
def test_a_comparison_level_that_cannot_be_read(
    faulty: Write, level: str, words: list[str]
) -> None:
    """It is refused before any record is read, though the model in use compares by its own."""
    levels = f'[{{kind = "missing", of = ["emails"]}}, {{{level}}}, {{kind = "else"}}]'
    comparison = f'[[person.comparison]]\nname = "emails"\nlevels = {levels}\n\n'
    config = faulty(("[link]", f"{comparison}[link]"))
    assert refused(config, "person: comparison 'emails'", *words)


def test_no_blocking_rule_at_all(faulty: Write) -> None:
    """Without a rule nothing could be found, so an empty list of rules is refused."""
    config = faulty(("[link]", "[person]\nblocking = []\n\n[link]"))
    assert refused(config, "person: blocking: must not be empty")
