"""Pairs of names, each judged by itself."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks.accuracy.name_bench import decide, name_bench, read_cases

HEAD = "case_group,schema,name1,name2,is_match,quality,category,notes\n"
CASES = [
    "g,Person,Xaviera Quillfeather,Xaviera Quillfeather,true,STRONG,,",
    "g,Person,Xaviera Quillfeather,Ignatius Velde,false,STRONG,,",
    "g,Person,Ignatius Velde,Ignatius Velde,true,STRONG,,",
    'h,Company,Quorvex Zanith Shipping LLC,Quorvex Zanith Shipping LLC,true,STRONG,,"a, note"',
    "h,Vessel,Quorvex Zanith Shipping LLC,Imperturbable,false,STRONG,,",
    "h,Person,,Nobody Known,true,STRONG,,",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "name_bench").mkdir()
    (tmp_path / "name_bench" / "cases.csv").write_text(HEAD + "\n".join(CASES) + "\n", "utf-8")
    return tmp_path


def test_reading(folder: Path) -> None:
    """A schema other than Person is an organization; the answer is a truth value."""
    cases = read_cases(folder / "name_bench" / "cases.csv")
    assert cases["case"].to_list() == [str(number) for number in range(len(CASES))]
    assert cases["entity"].to_list() == ["person"] * 3 + ["organization"] * 2 + ["person"]
    assert cases["same"].to_list() == [True, False, True, True, False, True]


def test_reading_the_real_cases(shared_data: Path) -> None:
    """All 826 cases are there, 425 of them matches."""
    cases = read_cases(shared_data / "name_bench" / "cases.csv")
    assert (cases.height, cases["same"].sum()) == (826, 425)
    assert (cases["entity"] == "person").sum() == 548


def test_a_case_is_decided_by_its_own_pair(folder: Path) -> None:
    """The middle case's records each link elsewhere, and still it is no link."""
    work = folder / "work"
    work.mkdir()
    cases = read_cases(folder / "name_bench" / "cases.csv").filter(pl.col("name1").is_not_null())
    decided = decide(cases, work)
    assert decided["link"].to_list() == [True, False, True, True, False]
    assert decided["candidate"].to_list() == [True, False, True, True, False]
    alone = folder / "alone"
    alone.mkdir()
    for number in range(cases.height):
        work = alone / str(number)
        work.mkdir()
        case = pl.concat([cases[number], SPARE])
        one = decide(case, work)
        assert one["link"][0] == decided["link"][number]


SPARE = pl.DataFrame(
    {
        "case": ["p", "o"],
        "entity": ["person", "organization"],
        "schema": ["Person", "Company"],
        "case_group": ["x", "x"],
        "name1": ["Perpetua Okonjo", "Brandt Werkzeugbau"],
        "name2": ["Moss Thornbury", "Atelier Lumiere"],
        "same": [False, False],
    }
)
"""What keeps either kind of source from being empty; it has nothing to do with the case."""


def test_rows(folder: Path) -> None:
    """All, people and organizations, each with figures; by schema and by group."""
    path = folder / "name_bench" / "cases.csv"
    path.write_text(HEAD + "\n".join(CASES[:5]) + "\n", "utf-8")
    work = folder / "work"
    work.mkdir()
    rows = name_bench(folder, work)
    assert [row["set"] for row in rows] == [
        "name_bench",
        "name_bench_person",
        "name_bench_organization",
    ]
    whole = rows[0]
    assert (whole["pairwise_f1"], whole["b3_f1"], whole["records"]) == (1.0, 1.0, 10)
    assert whole["blocking_recall"] == 1.0
    assert whole["by_schema"]["Vessel"]["cases"] == 1
    assert set(whole["by_case_group"]) == {"g", "h"}
