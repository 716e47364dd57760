"""Packed mentions on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linker.errors import StoreError
from linker.scoring.features.layout import Layout
from linker.scoring.features.pack import append
from linker.scoring.features.storage import LAYOUT_FILE, open_features, write_features
from linker.scoring.scorer import PackedMentions, Scorer, score_pairs, scorer_of
from tests.scoring.features.decoding import decoded
from tests.scoring.models import NAMES, ORGANIZATIONS, layout_for, weighed
from tests.scoring.people import organizations

ARRAYS = ("rows", "lists", "data", "ends", "owner")


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return scorer_of(weighed(ORGANIZATIONS, 1))


@pytest.fixture
def packed(scorer: Scorer) -> PackedMentions:
    return scorer.pack(organizations(60, 1))


@pytest.fixture
def stored(packed: PackedMentions, tmp_path: Path) -> Path:
    write_features(packed.features, tmp_path / "made" / "features")
    return tmp_path / "made" / "features"


def test_what_is_written_is_read_back(packed: PackedMentions, stored: Path) -> None:
    """Every array is the same, of the same type, and so is every value."""
    opened = open_features(stored, packed.features.layout)
    for name in ARRAYS:
        one, other = getattr(opened, name), getattr(packed.features, name)
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)
    assert decoded(opened) == decoded(packed.features)


@pytest.mark.parametrize("count", [0, 1])
def test_no_mentions_are_written_as_well(scorer: Scorer, tmp_path: Path, count: int) -> None:
    """An empty table, and one whose arrays of lists are empty, come back."""
    features = scorer.pack(organizations(count, 3)).features
    write_features(features, tmp_path)
    assert decoded(open_features(tmp_path, scorer.layout)) == decoded(features)


def test_arrays_are_mapped_and_the_file_never_changes(packed: PackedMentions, stored: Path) -> None:
    """Opening reads no array; who writes to one changes a copy of its own."""
    before = {path.name: path.read_bytes() for path in stored.iterdir()}
    opened = open_features(stored, packed.features.layout)
    for name in ARRAYS:
        array = getattr(opened, name)
        assert type(array) is np.ndarray
        assert isinstance(array.base, np.memmap)
        array[...] = 1
    assert {path.name: path.read_bytes() for path in stored.iterdir()} == before
    again = open_features(stored, packed.features.layout)
    assert np.array_equal(again.rows, packed.features.rows)


def test_mapped_mentions_are_scored_alike(
    scorer: Scorer, packed: PackedMentions, stored: Path
) -> None:
    """Weights are the same to the last bit, by the same machine code."""
    left, right = (side.astype(np.int32) for side in np.triu_indices(60, 1))
    usual = score_pairs(packed, left, right)
    compiled = len(scorer.module.score_runs.signatures)
    mapped = score_pairs(scorer.packed(open_features(stored, scorer.layout)), left, right)
    assert np.array_equal(mapped.weight, usual.weight)
    assert len(scorer.module.score_runs.signatures) == compiled == 1


def test_mentions_are_appended_to_mapped_ones(scorer: Scorer, stored: Path) -> None:
    """A query goes behind what is mapped, and the file stays as it is."""
    more = organizations(5, 9)
    together = append(open_features(stored, scorer.layout), more)
    expected = append(scorer.pack(organizations(60, 1)).features, more)
    assert decoded(together) == decoded(expected)
    assert open_features(stored, scorer.layout).records == 60


def test_written_anew_in_the_same_place(scorer: Scorer, stored: Path) -> None:
    """What is written later replaces what was there."""
    write_features(scorer.pack(organizations(7, 2)).features, stored)
    assert open_features(stored, scorer.layout).records == 7


def refused(directory: Path, layout: Layout, *words: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_features(directory, layout)
    line = str(caught.value)
    assert line.startswith(str(directory))
    assert line.endswith("; run linker link")
    assert "\n" not in line
    assert all(word in line for word in words), line


def test_another_model_is_refused(stored: Path) -> None:
    """Mentions packed for other columns would be misread."""
    refused(stored, layout_for(weighed(NAMES, 1)), "another model")


Edit = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        (lambda about: about.update(version=1), "another version"),
        (lambda about: about.update(version="2"), "another version"),
        (lambda about: about.pop("version"), "another version"),
        (lambda about: about.pop("layout"), "another model"),
        (lambda about: about["layout"]["slots"].reverse(), "another model"),
        (lambda about: about["layout"]["slots"][0].__setitem__(1, 9), "another model"),
        (lambda about: about["layout"].update(width=99), "another model"),
        (lambda about: about["layout"]["groups"].pop(), "another model"),
        (lambda about: about.pop("shapes"), "damaged"),
        (lambda about: about.update(shapes=[]), "damaged"),
        (lambda about: about["shapes"].pop("ends"), "damaged"),
        (lambda about: about["shapes"]["rows"].reverse(), "damaged"),
    ],
)
def test_another_layout_is_refused(scorer: Scorer, stored: Path, edit: Edit, word: str) -> None:
    """A version, a place or a shape that this version would not have written is one line."""
    path = stored / LAYOUT_FILE
    about = json.loads(path.read_text(encoding="utf-8"))
    edit(about)
    path.write_text(json.dumps(about), encoding="utf-8")
    refused(stored, scorer.layout, word)


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "\udcff"])
def test_a_damaged_description_is_refused(scorer: Scorer, stored: Path, text: str) -> None:
    """What is no JSON object is told of in one line."""
    (stored / LAYOUT_FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    refused(stored, scorer.layout, LAYOUT_FILE, "damaged")


@pytest.mark.parametrize("name", [LAYOUT_FILE, *(f"{array}.npy" for array in ARRAYS)])
@pytest.mark.parametrize("damage", ["gone", "empty", "cut short", "of a file", "overwritten"])
def test_a_damaged_file_is_refused(
    scorer: Scorer, stored: Path, name: str, damage: str, recwarn: pytest.WarningsRecorder
) -> None:
    """A file that is missing, cut short or not what it was is refused before it is read."""
    path = stored / name
    content = path.read_bytes()
    path.unlink()
    if damage == "of a file":
        path.mkdir()
    elif damage != "gone":
        cut = {"empty": b"", "cut short": content[:-1], "overwritten": b"\x93NUMPY" + content[:40]}
        path.write_bytes(cut[damage])
    if name == LAYOUT_FILE and damage == "cut short":
        return  # what is cut off is the end of the last line
    refused(stored, scorer.layout, name, "damaged")
    assert not recwarn.list


def test_files_of_different_mentions_are_refused(
    scorer: Scorer, packed: PackedMentions, stored: Path, tmp_path: Path
) -> None:
    """An array of other mentions in the place of one of these does not fit."""
    write_features(scorer.pack(organizations(59, 1)).features, tmp_path / "other")
    for name in ("rows", "lists"):
        content = (stored / f"{name}.npy").read_bytes()
        (tmp_path / "other" / f"{name}.npy").replace(stored / f"{name}.npy")
        refused(stored, scorer.layout, name)
        (stored / f"{name}.npy").write_bytes(content)
    ends = packed.features.ends.copy()
    ends[-1] += 1
    np.save(stored / "ends.npy", ends)
    refused(stored, scorer.layout, "damaged")


def test_nothing_is_there(scorer: Scorer, tmp_path: Path) -> None:
    """A directory without packed mentions is one line as well."""
    refused(tmp_path, scorer.layout, "missing")


def test_objects_are_never_unpickled(packed: PackedMentions, stored: Path) -> None:
    """An array of objects in the place of numbers is refused."""
    np.save(stored / "lists.npy", np.array([{}], dtype=object), allow_pickle=True)
    refused(stored, packed.features.layout, "lists.npy")
