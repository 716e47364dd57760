"""Files of labels: what they may look like, and what is refused in one line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from linker.config import Config, load_config
from linker.errors import UsageError
from linker.judging.truth_file import read_truth
from tests.jobs.world import write_world

HEAD = "source_l,record_id_l,source_r,record_id_r,is_match\n"
MATCHES = [f"cases,m{number},cases,n{number},true\n" for number in range(8)]
OTHERS = [f"cases,m{number},cases,n{number + 1},false\n" for number in range(7)]
GOOD = HEAD + "".join(MATCHES + OTHERS)
CLUSTERS = "source,record_id,true_id\n" + "".join(
    f"cases,k{number},t{number // 4}\n" for number in range(12)
)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return load_config(write_world(tmp_path_factory.mktemp("labels")))


def written(directory: Path, text: str, name: str = "labels.csv") -> Path:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def test_pairs_in_any_order_are_one_truth(config: Config, tmp_path: Path) -> None:
    """The order of rows and of the two records says nothing, nor how a label is spelt."""
    truth = read_truth(written(tmp_path, GOOD), config, "person")
    assert (truth.kind, truth.name) == ("pairs", "labels.csv")
    assert truth.pairs is not None
    assert truth.pairs.height == 15
    assert truth.records.height == 16
    swapped = HEAD + "".join(
        ",".join(line.split(",")[place] for place in (2, 3, 0, 1)) + f",{label}\n"
        for lines, label in ((OTHERS, "non_match"), (MATCHES, "1.0"))
        for line in lines
    )
    assert read_truth(written(tmp_path, swapped), config, "person").digest == truth.digest


def test_names_of_splink_and_parquet(config: Config, tmp_path: Path) -> None:
    """A file of Splink's labels is read as it is, of any format and encoding."""
    frame = pl.read_csv(GOOD.encode())
    truth = read_truth(written(tmp_path, GOOD), config, "person")
    path = tmp_path / "labels.parquet"
    frame.write_parquet(path)
    assert read_truth(path, config, "person").digest == truth.digest
    other = frame.select(
        unique_id_l="record_id_l",
        source_dataset_l="source_l",
        unique_id_r="record_id_r",
        source_dataset_r="source_r",
        clerical_match_score=pl.col("is_match").cast(pl.Float64) * 0.9,
    )
    path = tmp_path / "splink.csv"
    path.write_bytes(other.write_csv(separator=";").encode("utf-16"))
    assert read_truth(path, config, "person").digest == truth.digest


def test_rows_that_say_nothing_are_told(config: Config, tmp_path: Path) -> None:
    """Repeated rows, unsure ones and those of the other entity type are noted, not counted."""
    lines = [line.strip() + ",person\n" for line in (*MATCHES, *OTHERS, MATCHES[0])]
    lines += ["cases,a,cases,b,unsure,person\n", "firms,a,firms,b,true,organization\n"]
    text = HEAD.strip() + ",entity_type\n" + "".join(lines)
    truth = read_truth(written(tmp_path, text), config, "person")
    assert truth.pairs is not None
    assert truth.pairs.height == 15
    assert truth.notes == (
        "rows of the other entity type, passed over: 1",
        "labels that are unsure and say nothing: 1",
        "rows that repeat others and count once: 1",
    )


def test_a_column_called_entity_that_tells_no_type(config: Config, tmp_path: Path) -> None:
    """Where it holds other words than the types it is passed over, and no row is lost."""
    text = CLUSTERS.replace("true_id\n", "true_id,entity\n", 1)
    head, *lines = text.splitlines()
    text = "\n".join([head, *(f"{line},E{number}" for number, line in enumerate(lines))])
    truth = read_truth(written(tmp_path, text), config, "person")
    assert truth.records.height == 12
    other = "\n".join([head, *(f"{line},organization" for line in lines)])
    with pytest.raises(UsageError, match="holds no rows of person"):
        read_truth(written(tmp_path, other), config, "person")


def test_labels_that_contradict_through_a_chain(config: Config, tmp_path: Path) -> None:
    """A non-match within a chain of matches is said to contradict them."""
    text = GOOD + "cases,n0,cases,m1,true\n"
    truth = read_truth(written(tmp_path, text), config, "person")
    assert "chain of matches joins" in truth.notes[0]
    assert truth.notes[0].endswith(": 1")


def test_entities_and_their_cultures(config: Config, tmp_path: Path) -> None:
    """Records of no known entity are left out; a culture is kept."""
    text = CLUSTERS.replace("true_id\n", "true_id,culture\n", 1).replace("t0\n", "t0,anglo\n")
    text = text.replace("t1\n", "t1,\n").replace("t2\n", "t2,\n") + "cases,z,,\n"
    truth = read_truth(written(tmp_path, text), config, "person")
    assert truth.clusters is not None
    assert truth.clusters.sort("true_id")["culture"].to_list() == ["anglo"] * 4 + [None] * 8
    assert truth.notes == ("records without true_id, which say nothing: 1",)


def test_one_source_need_not_be_named(config: Config, tmp_path: Path) -> None:
    """Where one source holds the entity type, record ids are enough."""
    text = "record_id,true_id\n" + "".join(f"f{n},t{n // 6}\n" for n in range(12))
    truth = read_truth(written(tmp_path, text), config, "organization")
    assert truth.clusters is not None
    assert truth.clusters["source"].unique().to_list() == ["firms"]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (GOOD, "labels.txt.zip", "ends in .csv"),
        (GOOD, "labels.jsonl", "ends in .csv"),
        ("", "labels.csv", "is empty"),
        ("PAR1", "labels.parquet", "damaged or cut short"),
        (HEAD, "labels.csv", "holds no rows"),
        (GOOD.replace("record_id_r", "record_id_x"), "labels.csv", "lacks the column record_id_r"),
        (GOOD.replace(",is_match", ",is_macth"), "labels.csv", "did you mean 'is_macth'?"),
        ("a,b\n1,2\n", "labels.csv", "lacks the columns source, record_id, true_id"),
        (GOOD + "cases,x,cases\n", "labels.csv", "row 16 has not as many values"),
        (GOOD + "cases,,cases,y,true\n", "labels.csv", "row 16: record_id_l is empty"),
        (GOOD + "cases,x,cases,y,perhaps\n", "labels.csv", "row 16: its label is none of"),
        (GOOD + "cases,x,cases,y,7\n", "labels.csv", "row 16: its label is none of"),
        (GOOD + "cases,x,cases,x,true\n", "labels.csv", "pairs of a record and itself: 1;"),
        (
            GOOD + "cases,n0,cases,m0,false\n",
            "labels.csv",
            "labelled as match and as non-match: 1;",
        ),
        (HEAD + "".join(MATCHES), "labels.csv", "labelled pairs: 8, which is too few"),
        (GOOD.replace("false", "true"), "labels.csv", "every labelled pair is a match"),
        (GOOD.replace("true", "false"), "labels.csv", "every labelled pair is a non-match"),
        (GOOD.replace("cases", "case"), "labels.csv", "no source of the configuration; did you"),
        (GOOD + '"cases', "labels.csv", "not closed properly"),
        (CLUSTERS + "cases,k1,t9\n", "labels.csv", "records with two entities: 1;"),
        (CLUSTERS.replace("t1", "t0").replace("t2", "t0"), "labels.csv", "are of one entity"),
        (
            "\n".join(CLUSTERS.splitlines()[:7]),
            "labels.csv",
            "belong together: 7, which is too few",
        ),
    ],
)
def test_files_that_cannot_serve(
    config: Config, tmp_path: Path, text: str, name: str, said: str
) -> None:
    """Whatever is wrong is said on one line, without a value of the data."""
    path = written(tmp_path, text, name)
    with pytest.raises(UsageError) as refused:
        read_truth(path, config, "person")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_files_that_are_not_there(config: Config, tmp_path: Path) -> None:
    """A missing file and a directory are said to be that."""
    with pytest.raises(UsageError, match=r"gone\.csv: no such file"):
        read_truth(tmp_path / "gone.csv", config, "person")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError, match="is a directory"):
        read_truth(tmp_path / "folder.csv", config, "person")
