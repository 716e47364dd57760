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
        (('kind = "case"', 'kind = "case"\nmode = "deltas"'), "'snapshot' or 'delta'"),
        (('kind = "case"', 'kind = "case"\ndeleted = "gone"'), 'only with mode = "delta"'),
        (
            ('kind = "case"', 'kind = "case"\nmode = "delta"\ndeleted = "id"'),
            "'id' is a column of record_id",
        ),
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


MISSING = "{kind='missing', of=['ssn']}"
SAME = "{kind='exact', column='ssn'}"
ELSE = "{kind='else'}"


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([], "levels: must not be empty"),
        ([MISSING, ELSE], 'between "missing" and "else"'),
        ([SAME, ELSE], "levels 1: the first level must be of kind"),
        ([MISSING, SAME], "levels 2: the last level must be of kind"),
        ([MISSING, SAME, SAME, ELSE], "levels 3: repeats level 2"),
        ([MISSING, MISSING, SAME, ELSE], "levels 2: kind 'missing' may only come first"),
        ([MISSING, ELSE, SAME, ELSE], "levels 2: kind 'else' may only come last"),
        ([MISSING, SAME, "3", ELSE], "levels 3: must be a table"),
        ([MISSING, "{kind='exact', column='ssn', m=0.9}", ELSE], "levels 3: m is missing"),
        ([MISSING, "{kind='exact', column='ssn', m=nan}", ELSE], "levels 2: m"),
        (
            [MISSING, "{kind='exact', column='ssn', term_frequency='snn'}", ELSE],
            "levels 2: term_frequency: unknown column 'snn'; did you mean 'ssn'?",
        ),
        (
            [MISSING, "{kind='exact', column='ssn', term_frequency='phones'}", ELSE],
            "'phones' does not hold texts",
        ),
        (["{kind='missing', of=['ssn'], m=0.1}", SAME, ELSE], "levels 1: a missing level"),
        ([MISSING, SAME, "{kind='else', term_frequency='ssn'}"], "levels 3: term frequencies"),
    ],
)
def test_levels_that_could_not_be_trained_are_refused(
    tmp_path: Path, levels: list[str], message: str
) -> None:
    """Levels in an order that cannot work, or half given, are refused with comparison and level."""
    section = f"[[person.comparison]]\nname = 'select'\nlevels = [{', '.join(levels)}]\n"
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, GOOD + section))
    assert message in str(caught.value)
    assert "person: comparison 'select'" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_comparison_may_be_named_with_a_keyword_of_sql(tmp_path: Path) -> None:
    """A comparison's name is only ever part of a column's name."""
    section = f"[[person.comparison]]\nname = 'select'\nlevels = [{MISSING}, {SAME}, {ELSE}]\n"
    config = load_config(write(tmp_path, GOOD + section))
    assert [comparison.name for comparison in config.person.comparisons] == ["select"]


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("[person]\nlink_threshold = nan\n", "person: link_threshold"),
        ("[person]\nreview_threshold = -0.1\n", "person: review_threshold"),
        ("[person]\nidentity_floor = inf\n", "person: identity_floor"),
        ("[person]\nmax_pairs_per_record = 1e300\n", "person: max_pairs_per_record"),
        (f"[person]\nmax_records_per_key = {10**30}\n", "person: max_records_per_key"),
        ("[person]\nblocking = []\n", "person: blocking: must not be empty"),
        ("[person]\nblocking = [3]\n", "person: blocking 1: must be a table"),
        ("[[person]]\nmodel = 'm'\n", "person: must be a table"),
        ("[person]\ntraining = 3\n", "person: training: must be a table"),
        ("[person.comparison]\nname = 'a'\n", "write [[person.comparison]]"),
        ("[[person.comparisons]]\nname = 'a'\n", "did you mean 'comparison'?"),
        ("[[person.blocking]]\nname = \"a' OR 1\"\nkey = ['ssn']\n", "name: String should match"),
        ("[[person.blocking]]\nname = 'a'\nkey = []\n", "blocking 'a': key: must not be empty"),
        ("[[person.blocking]]\nname = 'a'\nkey = 'ssn'\n", "blocking 'a': key: must be an array"),
        ("[person.training]\nhighest_weight = 1e9\n", "training: highest_weight"),
        ("[person.training]\nseed = -1\n", "training: seed"),
        ("[person.training]\nsessions = [[]]\n", "training: sessions 1: must not be empty"),
        ("[person.training]\nsessions = [['ssn'], ['snn']]\n", "sessions 2: unknown column 'snn'"),
        ("[person.training]\nprior_rules = [['given_nam']]\n", "did you mean 'given_name'?"),
        ("[organization.training]\nterm_frequency_words = {name = 'city'}\n", "lists of texts"),
        ("[person]\nmodel = '~nobody-of-this-name/m'\n", "person: model: no such user's home"),
    ],
)
def test_odd_values_are_refused_before_anything_is_read(
    tmp_path: Path, addition: str, message: str
) -> None:
    """Wrong types, numbers that are none or huge, and unknown columns end in one clear line."""
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, GOOD + addition))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('path = "cases.csv"', "path = 3"), "path: must be a text or an array of texts"),
        (('path = "cases.csv"', "path = []"), "source 'cases': path"),
        (('record_id = "id"', "record_id = []"), "source 'cases': record_id"),
        (('full_name = "name"', "full_name = []"), "source 'cases': fields: full_name"),
        (("[[source]]", "[source]"), "write [[source]]"),
        (('directory = "var/x"', "directory = 3"), "store: directory: must be a text"),
        (('directory = "var/x"', 'directory = "a\\u0000"'), "null character"),
    ],
)
def test_odd_values_of_the_store_and_of_sources_are_refused(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    """Values of another type than expected, and empty lists, are refused with their place."""
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, GOOD.replace(*change, 1)))
    assert message in str(caught.value)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Some editors begin a UTF-8 file with a mark; it is read over."""
    path = tmp_path / "c.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert load_config(path).entity_types == ["person"]


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


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("rows_lots = 0.1", "did you mean 'rows_lost'?"),
        ("rows_lost = true", "gate: rows_lost: give a number, or false for no limit"),
        ('rows_lost = "much"', "gate: rows_lost: give a number, or false for no limit"),
        ("rows_lost = -0.1", "gate: rows_lost: Input should be greater than or equal to 0"),
        ("least_change = 0", "gate: least_change"),
    ],
)
def test_a_limit_that_is_none(tmp_path: Path, line: str, message: str) -> None:
    """A limit of the gate is a share from 0, or false for no limit; anything else is one line."""
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, f"{GOOD}\n[gate]\n{line}\n"))
    assert message in str(caught.value)
    text = f"{GOOD}\n[gate]\nrows_lost = false\npairs_gain = 3\n"
    gate = load_config(write(tmp_path, text)).gate
    assert (gate.rows_lost, gate.pairs_gain) == (False, 3.0)
