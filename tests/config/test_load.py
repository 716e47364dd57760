"""Reading configuration files."""

from __future__ import annotations

from pathlib import Path

import pytest

from linker.config import load_config
from linker.errors import ConfigError

GOOD = """
[store]
directory = "var/x"

[[source]]
name = "cases"
path = "cases.csv"
kind = "case"
entity = "person"
record_id = "id"
[source.fields]
full_name = "name"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "c.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_gets_the_shipped_defaults(tmp_path: Path) -> None:
    """A section that is not given takes the comparisons and rules that ship."""
    config = load_config(write(tmp_path, GOOD))
    assert [source.name for source in config.sources] == ["cases"]
    assert {c.name for c in config.person.comparisons} >= {"surname", "birth_date"}
    assert config.organization.blocking
    assert config.entity_types == ["person"]


def test_a_given_key_replaces_the_default_whole_and_keeps_the_others(tmp_path: Path) -> None:
    """A key of an entity type's section replaces its default; training is laid over key by key."""
    text = GOOD + "\n[person]\nlink_threshold = 0.9\n[person.training]\nseed = 7\n"
    config = load_config(write(tmp_path, text))
    assert config.person.link_threshold == 0.9
    assert config.person.training.seed == 7
    assert config.person.training.sessions
    assert config.person.comparisons


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("directory", "directroy"), "did you mean 'directory'?"),
        (("record_id", "recordid"), "did you mean 'record_id'?"),
        (("full_name", "fullname"), "did you mean 'full_name'?"),
        (('kind = "case"', 'kind = "cases"'), "source 'cases': kind"),
        (('entity = "person"', 'entity = "persona"'), "source 'cases': entity"),
        (("[store]", "[stores]"), "did you mean 'store'?"),
        (('path = "cases.csv"\n', ""), "source 'cases': path: is missing"),
        (("[store]", "[store"), "not valid TOML"),
        (('kind = "case"', 'kind = "case"\nmode = "delta"'), "delta"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_place(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    """Every mistake ends in one line with the file, the place and, where it can, the fix."""
    path = write(tmp_path, GOOD.replace(*change, 1))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("[person]\nlink_treshold = 0.9\n", "did you mean 'link_threshold'?"),
        ("[person]\nlink_threshold = 2\n", "person: link_threshold"),
        ("[person]\nlink_threshold = 0.3\n", "review_threshold must not be above"),
        ("[[person.blocking]]\nname = 'a'\nkey = ['ssn']\n" * 2, "is used twice"),
        (GOOD.split("\n\n", 1)[1], "used twice"),
        ("[persons]\n", "did you mean 'person'?"),
    ],
)
def test_a_mistake_in_a_later_section_is_named(tmp_path: Path, addition: str, message: str) -> None:
    """Unknown keys, values out of range and repeated names are refused wherever they stand."""
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, GOOD + addition))
    assert message in str(caught.value)


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    """A path that is no configuration file is refused in one line."""
    with pytest.raises(ConfigError, match="no such configuration file"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="is a directory"):
        load_config(tmp_path)


def test_relative_paths_start_at_the_project_of_a_configs_folder(tmp_path: Path) -> None:
    """In a folder named configs relative paths start at its parent, elsewhere at the file."""
    (tmp_path / "configs").mkdir()
    inside = load_config(write(tmp_path / "configs", GOOD))
    beside = load_config(write(tmp_path, GOOD))
    assert inside.resolve("a.csv") == beside.resolve("a.csv") == tmp_path.resolve() / "a.csv"
    assert beside.resolve("/abs/a.csv") == Path("/abs/a.csv")
