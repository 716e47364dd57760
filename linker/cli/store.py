"""What is done to a store by hand: publish, roll back, forget. The commands, without logic."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from linker.cli.options import Verb, config_option, entity_option, json_option

if TYPE_CHECKING:
    from linker.schemas import EntityType


def _why_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--why", metavar="TEXT", help="Why; kept in the journal.")(command)


def _author_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--author", "by", metavar="NAME", help="Who; the user of this machine unless given."
    )(command)


def _dry_run_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--dry-run", is_flag=True, help="Tell what would be done; change nothing.")(
        command
    )


@click.command(
    cls=Verb,
    epilog='Example: linker publish --config C.toml --force --why "a source was closed down"',
)
@config_option
@json_option
@click.option(
    "--generation",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Which; the newest that was held back unless given.",
)
@click.option("--force", is_flag=True, help="Publish it although it was held back.")
@_why_option
@_author_option
@_dry_run_option
def publish(config_path: Path, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Publish a generation that a limit of [gate] held back, or that was rolled back from."""
    from linker.config import load_config
    from linker.jobs.publish import publish as run
    from linker.report.text import pointed_text

    done = run(load_config(config_path), **given).to_json()
    click.echo(json.dumps(done) if as_json else pointed_text(done))


@click.command(cls=Verb, epilog='Example: linker rollback --config C.toml --why "wrong model"')
@config_option
@json_option
@click.option(
    "--to",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Which generation; the one before unless given.",
)
@entity_option("Roll back the model of this entity type, not the generation.", required=False)
@_why_option
@_author_option
@_dry_run_option
def rollback(config_path: Path, *, as_json: bool, entity: str | None, **given: Any) -> None:  # noqa: ANN401
    """Publish an earlier generation again; the next run builds on it.

    With --entity it is the model that is put back: the one in use before the last promotion.
    """
    from linker.config import load_config
    from linker.errors import UsageError
    from linker.jobs.rollback import rollback as run
    from linker.report.text import pointed_text

    if entity:
        from linker.jobs.model_rollback import roll_back_model
        from linker.report.models_text import model_change_text

        if given.pop("number") is not None:
            raise UsageError("--to names a generation, --entity a model: leave one of them out")
        changed = roll_back_model(config_path, cast("EntityType", entity), **given).to_json()
        click.echo(json.dumps(changed) if as_json else model_change_text(changed))
        return
    done = run(load_config(config_path), **given).to_json()
    click.echo(json.dumps(done) if as_json else pointed_text(done))


@click.command(
    cls=Verb,
    epilog='Example: linker forget --config C.toml --source cases --record 12 --why "court order"',
)
@config_option
@json_option
@click.option("--source", metavar="S", help="The source of the records.")
@click.option("--record", "record_ids", multiple=True, metavar="R", help="May be repeated.")
@click.option(
    "--file",
    "listed",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Records with the columns source and record_id.",
)
@click.option("--due", is_flag=True, help="The records whose purge_due has come.")
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="With --due: due on that date; today unless given.",
)
@_why_option
@_author_option
@_dry_run_option
@click.option("--verify", is_flag=True, help="Search every file of the store for what they said.")
@click.option("--delete-old", is_flag=True, help="Delete generations that still hold any of it.")
def forget(
    config_path: Path,
    *,
    as_json: bool,
    source: str | None,
    record_ids: tuple[str, ...],
    listed: Path | None,
    due: bool,
    at: dt.datetime | None,
    **given: Any,  # noqa: ANN401
) -> None:
    """Take records out of the store for good, and refuse them should a source bring them again."""
    from linker.config import load_config
    from linker.jobs.forget import Ask
    from linker.jobs.forget import forget as run
    from linker.jobs.forgettable import wanted_records
    from linker.jobs.link import link
    from linker.progress import Progress
    from linker.report.text import forgotten_text

    config = load_config(config_path)
    date = (at.date() if at else dt.datetime.now(dt.UTC).date()) if due or at else None
    records = wanted_records(config, source, record_ids, listed, date)
    done = run(config, records, Ask(**given), link, Progress()).to_json()
    click.echo(json.dumps(done) if as_json else forgotten_text(done))


def add_store_verbs(commands: click.Group) -> None:
    """Give the command line these verbs."""
    for verb in (publish, rollback, forget):
        commands.add_command(verb)
