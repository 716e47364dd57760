"""What is asked of the published generation: the lookup command, without logic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click

from linker.cli.options import Verb, config_option, json_option
from linker.schemas import EntityType

_OF_FILE: Final = {
    "out": "--out",
    "named": "--map",
    "ignored": "--ignore",
    "id_column": "--id",
    "dry_run": "--dry-run",
}
"""The options that go with ``--file``."""
_SPELT: Final = {"aliases": "alias", "phones": "phone", "emails": "email", "plates": "plate"}
"""Fields whose option has another name."""


def add_lookup_verb(commands: click.Group) -> None:
    """Add the command to a group."""
    commands.add_command(lookup)


@click.command(
    cls=Verb,
    epilog='Example: linker lookup --config C.toml --name "Juan Perez" --birth-date 1980-05-24',
)
@config_option
@json_option
@click.option("--organization", is_flag=True, help="Look for an organization, not a person.")
@click.option("--name", help="The full name, in any usual order.")
@click.option("--given-name")
@click.option("--middle-name")
@click.option("--surname", help="The family name or names.")
@click.option("--alias", "aliases", multiple=True, help="Another name; may be repeated.")
@click.option("--birth-date", help="For example 1980-05-24, 5/24/1980 or 1980.")
@click.option("--age", help="In years, where no birth date is known.")
@click.option("--sex")
@click.option("--birth-place")
@click.option("--a-number")
@click.option("--fbi-number")
@click.option("--fingerprint-id")
@click.option("--ssn")
@click.option("--passport")
@click.option("--national-id", help="CURP or another national identifier.")
@click.option("--driver-license")
@click.option("--registration-id", help="Of an organization.")
@click.option("--tax-id", help="Of an organization.")
@click.option("--phone", "phones", multiple=True, help="May be repeated.")
@click.option("--email", "emails", multiple=True, help="May be repeated.")
@click.option("--plate", "plates", multiple=True, help="May be repeated.")
@click.option("--address")
@click.option("--city")
@click.option("--state")
@click.option("--postal-code")
@click.option("--country")
@click.option("--as-of", "until", metavar="DATE", help="Tell the entities as they were then.")
@click.option(
    "--explain",
    metavar="SOURCE/RECORD_ID",
    help="Say why this record does or does not match, and what would change it.",
)
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Many targets: a CSV, Parquet or JSON Lines file whose columns are named as the options.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --file: where the hits go; ends in .parquet or .csv.",
)
@click.option(
    "--map", "named", multiple=True, metavar="COLUMN=FIELD", help="What a column of the file is."
)
@click.option("--ignore", "ignored", multiple=True, metavar="COLUMN", help="Pass a column over.")
@click.option("--id", "id_column", metavar="COLUMN", help="What names each target; id if it is.")
@click.option("--dry-run", is_flag=True, help="With --file: read and count; ask nothing.")
def lookup(
    config_path: Path,
    *,
    as_json: bool,
    organization: bool,
    file: Path | None,
    **given: Any,  # noqa: ANN401
) -> None:
    """Ask whether a person or an organization has been investigated before, or is right now."""
    from linker.errors import UsageError

    entity: EntityType = "organization" if organization else "person"
    of_file = {name: given.pop(name) for name in _OF_FILE}
    if file is not None:
        _refuse_beside_file(given)
        _look_up_file(config_path, file, entity, given["until"], of_file, as_json=as_json)
        return
    for name, option in _OF_FILE.items():
        if of_file[name]:
            raise UsageError(f"{option} goes with --file alone")
    _look_up_one(config_path, entity, given, as_json=as_json)


def _look_up_one(
    config_path: Path, entity: EntityType, given: dict[str, Any], *, as_json: bool
) -> None:
    from linker.config import load_config
    from linker.errors import UsageError
    from linker.jobs.explain import explain as run_explain
    from linker.jobs.lookup import lookup as run
    from linker.lookup.question import Question
    from linker.report.answer_text import answer_text
    from linker.report.explanation_text import explanation_text
    from linker.schemas import ORGANIZATION_FIELDS, PERSON_FIELDS

    until, record, name = (given.pop(key) for key in ("until", "explain", "name"))
    fields = {
        key: list(value) if isinstance(value, tuple) else value for key, value in given.items()
    }
    fields["name" if entity == "organization" else "full_name"] = name
    fields = {key: value for key, value in fields.items() if value}
    for field in fields:
        if field not in (ORGANIZATION_FIELDS if entity == "organization" else PERSON_FIELDS):
            raise UsageError(f"--{_option(field)} does not go with a lookup of a{_n(entity)}")
    config, question = load_config(config_path), Question(entity, fields, until)
    if record is None:
        answer = run(config, question).to_json()
        click.echo(json.dumps(answer) if as_json else answer_text(answer))
        return
    if until is not None:
        raise UsageError("--explain tells of records as they are now: leave out --as-of")
    told = run_explain(config, question, record)
    click.echo(json.dumps(told) if as_json else explanation_text(told))


def _look_up_file(
    config_path: Path,
    file: Path,
    entity: EntityType,
    until: str | None,
    given: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    from linker.config import load_config
    from linker.errors import UsageError
    from linker.jobs.lookup_file import count_targets, look_up_file
    from linker.jobs.target_file import TargetFile
    from linker.progress import Progress
    from linker.report.bulk_text import bulk_text

    config, out = load_config(config_path), given["out"]
    pairs = [text.rpartition("=") for text in given["named"]]
    if not all(column and field for column, _, field in pairs):
        raise UsageError("--map says what a column is: COLUMN=FIELD")
    named = {column: field for column, _, field in pairs}
    of = TargetFile(file, entity, named, given["ignored"], given["id_column"])
    if given["dry_run"]:
        done = count_targets(of, Progress()).to_json()
    elif out is None:
        raise UsageError("--file needs --out: where the hits go, a .parquet or .csv file")
    else:
        done = look_up_file(config, of, out, Progress(), until=until).to_json()
    click.echo(json.dumps(done) if as_json else bulk_text(done))


def _refuse_beside_file(given: dict[str, Any]) -> None:
    """Refuse what a single lookup asks for."""
    from linker.errors import UsageError

    beside = [f"--{_option(name)}" for name, value in given.items() if value and name != "until"]
    if beside:
        raise UsageError(f"--file takes its targets from the file: leave out {', '.join(beside)}")


def _option(field: str) -> str:
    return _SPELT.get(field, field).replace("_", "-")


def _n(entity: str) -> str:
    return f"n {entity}" if entity[0] in "aeiou" else f" {entity}"
