"""Naming another model in the text of a configuration file; all else of it stays as it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from linker.errors import ConfigError
from linker.schemas import EntityType

_KEY: Final = "model"


def with_model(text: str, entity_type: EntityType, model: str | None) -> str:
    """Return the text of a configuration that names another model; comments and format stay.

    Args:
        text: The file as it is, valid TOML.
        entity_type: The section that names the model.
        model: What is to stand there; None takes the key out, which means the shipped model.

    Raises:
        ConfigError: The text cannot be changed without touching more than that key.
    """
    wanted = _without_empty(_changed(tomllib.loads(text), entity_type, model), entity_type)
    for candidate in _candidates(text, entity_type, model):
        new = _with_line_ends_of(text, candidate)
        try:
            found = tomllib.loads(new)
        except tomllib.TOMLDecodeError:
            continue
        if _without_empty(found, entity_type) == wanted:
            return new
    by_hand = f'set {entity_type}.model = "{model}"' if model else f"take {entity_type}.model out"
    raise ConfigError(f"the file is written in a way that only a person can change; {by_hand}")


def _changed(values: dict[str, Any], entity_type: EntityType, model: str | None) -> dict[str, Any]:
    section = {key: value for key, value in values.get(entity_type, {}).items() if key != _KEY}
    return {**values, entity_type: section | ({_KEY: model} if model is not None else {})}


def _without_empty(values: dict[str, Any], entity_type: EntityType) -> dict[str, Any]:
    """Return the values without the section of the entity type where it says nothing."""
    return {key: value for key, value in values.items() if value or key != entity_type}


def _candidates(text: str, entity_type: EntityType, model: str | None) -> Iterator[str]:
    """Yield changed texts, the one closest to what a person would write first."""
    section = tomllib.loads(text).get(entity_type, {})
    if model is not None and _KEY not in section:
        # tomlkit puts a new key last, behind the comment that speaks of the section after it
        header = re.compile(rf"^([ \t]*\[[ \t]*{entity_type}[ \t]*\][^\n]*(?:\n|\Z))", re.MULTILINE)
        line = f"{_KEY} = {tomlkit.item(model).as_string()}\n"
        yield header.sub(lambda found: found[1].rstrip("\n") + "\n" + line, text, count=1)
    try:
        document = tomlkit.parse(text)
        if model is None:
            if _KEY in section:
                document[entity_type].remove(_KEY)
                yield _without_bare_header(tomlkit.dumps(document), entity_type)
        else:
            if entity_type not in document:
                if text.strip() and not text.endswith("\n\n"):
                    document.add(tomlkit.nl())
                document[entity_type] = tomlkit.table()
            document[entity_type][_KEY] = model
        yield tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError):  # what it cannot change is left to a person
        return


def _without_bare_header(text: str, entity_type: EntityType) -> str:
    """Return the text without the header of a section that holds nothing, not even a comment."""
    header = rf"(?:^[ \t]*\r?\n)?^\[{entity_type}\][ \t]*(?:\r?\n[ \t]*)*(?=^\[|\Z)"
    return re.sub(header, "", text, count=1, flags=re.MULTILINE)


def _with_line_ends_of(text: str, new: str) -> str:
    """Return the new text with the line ends of the old one, where all of them are alike."""
    if "\r\n" in text and not re.search(r"(?<!\r)\n", text):
        return re.sub(r"(?<!\r)\n", "\r\n", new)
    return new
