"""What the documents say is what the code does."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest
from pydantic import BaseModel

import linker
from linker.cli import commands
from linker.config import (
    AuditSettings,
    BlockingRule,
    ComparisonSettings,
    Config,
    EntitySettings,
    GateSettings,
    LevelSettings,
    LinkSettings,
    OidcSettings,
    ServiceSettings,
    Source,
    StoreSettings,
    TrainingSettings,
    load_config,
)
from linker.config.drift import DriftSettings
from linker.config.load import default_settings
from linker.config.models import ModelsSettings
from linker.config.review import ReviewSettings, ReviewShares
from linker.scoring.levels import LEVEL_TYPES

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *("docs/architecture.md", "docs/retraining.md"),
]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def code_blocks(document: str, *languages: str) -> list[str]:
    return [body for language, body in FENCE.findall(text_of(document)) if language in languages]


def commands_in(document: str) -> Iterator[list[str]]:
    """Each command of the document's shell blocks, in words."""
    for block in code_blocks(document, "sh", "console"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if words:
                yield [words[0].removeprefix(".venv/bin/"), *words[1:]]


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """The pydantic models that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every key of a model and the models in it, dotted, as the file spells it."""
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        inner = list(models_in(field.annotation))
        for section in inner:
            yield from keys_of(section, f"{key}.")
        if not inner:
            yield key


def table_after(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of the README, without its header."""
    rows: list[list[str]] = []
    for line in text_of("README.md").split(f"\n{heading}\n", 1)[1].splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif rows:
            break
    return rows[2:]


def test_the_config_table_has_every_key() -> None:
    """The README's table of configuration keys holds the keys the program reads, and no other."""
    documented = [row[0].strip("`") for row in table_after("### Every key")]
    expected = {key for key in keys_of(Config) if not key.startswith("organization.")}
    assert sorted(documented) == sorted(expected)


def test_the_config_table_gives_the_defaults() -> None:
    """Each default in the README's table is what the program takes where the key is left out."""
    models = {"": Config, "source.": Source, "store.": StoreSettings, "link.": LinkSettings}
    models |= {"gate.": GateSettings, "audit.": AuditSettings}
    models |= {"service.": ServiceSettings, "service.oidc.": OidcSettings}
    models |= {"person.": EntitySettings, "person.training.": TrainingSettings}
    models |= {"person.comparison.": ComparisonSettings, "person.blocking.": BlockingRule}
    models |= {"person.comparison.levels.": LevelSettings}
    models |= {"review.": ReviewSettings, "review.shares.": ReviewShares}
    models |= {"models.": ModelsSettings, "drift.": DriftSettings}
    shipped = default_settings("person")
    for key, default, _ in table_after("### Every key"):
        section, name = re.fullmatch(r"`(.*\.)?(\w+)`", key).groups()  # type: ignore[union-attr]
        field = models[section].model_fields[name]
        laid_over = {"person.": shipped, "person.training.": shipped["training"]}.get(section, {})
        if default == "required":
            assert field.is_required(), key
        elif default == "none":
            assert field.default is None, key
            assert name not in laid_over, key
        elif default == "shipped":
            assert name in laid_over, key
        else:
            value = tomllib.loads(f"value = {default.strip('`')}")["value"]
            assert laid_over.get(name, field.default) == value, key


def test_the_level_table_has_every_kind() -> None:
    """The README's table of comparison levels holds the kinds there are, and no other."""
    documented = [row[0].strip("`") for row in table_after("### Comparison levels")]
    assert sorted(documented) == sorted(LEVEL_TYPES)


def test_the_readme_config_is_valid(tmp_path: Path) -> None:
    """The configuration printed in the README is one that the program accepts."""
    blocks = code_blocks("README.md", "toml")
    assert blocks
    for number, block in enumerate(blocks):
        path = tmp_path / f"{number}.toml"
        path.write_text(block, encoding="utf-8")
        assert load_config(path).sources


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_exist(document: str) -> None:
    """Each linker command and option in a document's shell blocks is one the program has."""
    for words in commands_in(document):
        if words[0] != "linker":
            continue
        command: click.Command = commands
        rest = words[1:]
        while isinstance(command, click.Group) and not rest[0].startswith("-"):
            assert rest[0] in command.commands, f"{document}: {' '.join(words)}"
            command = command.commands[rest.pop(0)]
        known = {"--help"} | {name for param in command.params for name in param.opts}
        for word in words[1:]:
            if word.startswith("--"):
                assert word.split("=")[0] in known, f"{document}: {' '.join(words)}"


def test_every_verb_is_documented() -> None:
    """The README shows each command of the program at least once."""
    shown = {words[1] for words in commands_in("README.md") if words[0] == "linker"}
    assert set(commands.commands) <= shown


@pytest.mark.parametrize("document", DOCUMENTS)
def test_make_targets_exist(document: str) -> None:
    """Each make target named in a document is in the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    inline = re.findall(r"`make ([a-z]+)", text_of(document))
    in_blocks = [words[1] for words in commands_in(document) if words[0] == "make"]
    assert set(inline) | set(in_blocks) <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_modules_to_run_exist(document: str) -> None:
    """Each `python -m` module of this project that a document names is a file."""
    for name in re.findall(r"python -m (benchmarks[\w.]*|linker[\w.]*)", text_of(document)):
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    """Each relative link of a document leads to a file of the project."""
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text_of(document)):
        if "://" not in target:
            assert ((ROOT / document).parent / target).exists(), f"{document}: {target}"


def test_the_version_is_in_the_changelog() -> None:
    """The changelog has a section for the version of the package."""
    assert f"\n## [{linker.__version__}]" in text_of("CHANGELOG.md")
