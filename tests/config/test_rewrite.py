"""Naming another model in a configuration's text: that key changes and nothing else."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.config.rewrite import with_model

NEW = "models/person/2"
LINE = f'model = "{NEW}"'

TEXTS = {
    "a key with a comment": (
        '# top\n[person] # people\nmodel = "old"   # why\nx = 1\n',
        f"# top\n[person] # people\n{LINE}   # why\nx = 1\n",
    ),
    "a section without the key": (
        "[person] # people\nx = 1\n\n# of firms\n[organization]\ny = 2\n",
        f"[person] # people\n{LINE}\nx = 1\n\n# of firms\n[organization]\ny = 2\n",
    ),
    "no section": ("[store]\na = 1\n", f"[store]\na = 1\n\n[person]\n{LINE}\n"),
    "no last line end": ("[store]\na = 1\n[person]", f"[store]\na = 1\n[person]\n{LINE}\n"),
    "line ends of Windows": (
        "# t\r\n[person]\r\nx = 1\r\n",
        f"# t\r\n[person]\r\n{LINE}\r\nx = 1\r\n",
    ),
    "a dotted key": ('person.model = "old" # why\n', f'person.model = "{NEW}" # why\n'),
    "an inline table": (
        'person = {x = 1, model = "old"} # why\n',
        f'person = {{x = 1, model = "{NEW}"}} # why\n',
    ),
    "a section of a section": (
        "# train\n[person.training]\nx = 1\n",
        f"# train\n[person]\n{LINE}\n\n[person.training]\nx = 1\n",
    ),
    "sections out of order": (
        "[person.training]\nx = 1\n[store]\na = 1\n[person]\ny = 2\n",
        f"[person.training]\nx = 1\n[store]\na = 1\n[person]\n{LINE}\ny = 2\n",
    ),
    "a text that looks like a section": (
        'note = """\n[person]\n"""\n[person]\ny = 2\n',
        f'note = """\n[person]\n"""\n[person]\ny = 2\n{LINE}\n',
    ),
    "literal keys": ("[person]\n'model' = 'old'\n", f"[person]\n'model' = \"{NEW}\"\n"),
}


@pytest.mark.parametrize(("text", "wanted"), TEXTS.values(), ids=TEXTS)
def test_one_key_changes(text: str, wanted: str) -> None:
    """The model is named where a person would; comments, order and line ends stay."""
    assert with_model(text, "person", NEW) == wanted


@pytest.mark.parametrize("text", [text for text, _ in TEXTS.values()], ids=TEXTS)
def test_the_key_is_taken_out_again(text: str) -> None:
    """Without a model the key goes; where there was none the text is as it was."""
    values = tomllib.loads(text)
    gone = with_model(text, "person", None)
    values.get("person", {}).pop("model", None)
    found = tomllib.loads(gone)
    assert found | {"person": found.get("person", {})} == values | {
        "person": values.get("person", {})
    }
    assert gone == text or "model" in text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_path_can_be_named(path: str) -> None:
    """Whatever a directory is called, the text names it."""
    for text, _ in TEXTS.values():
        assert tomllib.loads(with_model(text, "person", path))["person"]["model"] == path


def test_the_other_type_is_left_alone() -> None:
    """Only the section of the entity type changes."""
    text = '[person]\nmodel = "a"\n\n[organization]\nmodel = "b"\n'
    assert with_model(text, "organization", "c") == text.replace('"b"', '"c"')


def test_a_section_that_was_made_for_the_key_goes_with_it() -> None:
    """What naming a model added is taken out again, and a person's comment is not."""
    for text in ("[store]\na = 1\n", "[store]\r\na = 1\r\n", "person.model = 'x'\n[link]\n"):
        bare = with_model(text, "person", None)
        assert with_model(with_model(bare, "person", NEW), "person", None) == bare
    told = f"[person]\n# the model of spring\n{LINE}\n\n[link]\na = 1\n"
    gone = with_model(told, "person", None)
    assert "[person]\n# the model of spring\n" in gone
