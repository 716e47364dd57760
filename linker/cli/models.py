"""Which models there are, what another one changes, and which is in use: commands, no logic."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from linker.cli.options import Verb, config_option, entity_option, json_option

if TYPE_CHECKING:
    from linker.schemas import EntityType


def _records_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--records",
        "most",
        type=click.IntRange(min=0),
        default=1_000_000,
        show_default=True,
        metavar="N",
        help="Link at most so many records, drawn by a seed; 0 links all.",
    )(command)


def _truth_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--truth",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Labels to judge both models by now; else what linker evaluate found counts.",
    )(command)


@click.command(cls=Verb, epilog="Example: linker models --config configs/justice.toml")
@config_option
@json_option
def models(config_path: Path, *, as_json: bool) -> None:
    """List the models there are, how good they were found to be, and which are in use."""
    from linker.jobs.list_models import list_models
    from linker.report.models_text import models_text

    found = list_models(config_path)
    click.echo(json.dumps(found) if as_json else models_text(found))


@click.command(epilog="Example: linker compare in-use 2 --config C.toml --entity person")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@config_option
@json_option
@entity_option("Whose model.")
@_records_option
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", help="Of the draw; training's unless given."
)
@click.option(
    "--examples",
    type=click.IntRange(min=0, max=1000),
    default=5,
    show_default=True,
    metavar="N",
    help="Show so many pairs that become links, and as many that are links no more.",
)
@click.option("--show-values", is_flag=True, help="Show record ids and values of the examples.")
@_truth_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write every pair whose class changes; ends in .parquet or .csv.",
)
@click.option("--from-sources", is_flag=True, help="Read the sources, not what is published.")
def compare(
    config_path: Path,
    before: str,
    after: str,
    *,
    as_json: bool,
    entity: str,
    **given: Any,  # noqa: ANN401
) -> None:
    """Link the same records by model A and by model B, and show what changes.

    A and B are versions, directories, `in-use` or `shipped`.
    """
    from linker.config import load_config
    from linker.jobs.compare import Ask
    from linker.jobs.compare import compare as run
    from linker.progress import Progress
    from linker.report.compare_text import compare_text

    config = load_config(config_path)
    entity_type = cast("EntityType", entity)
    found = run(config, entity_type, (before, after), Ask(**given), Progress())
    click.echo(json.dumps(found) if as_json else compare_text(found))


@click.command(epilog="Example: linker promote 2 --config configs/justice.toml --entity person")
@click.argument("version", metavar="VERSION")
@config_option
@json_option
@entity_option("Whose model.")
@_records_option
@_truth_option
@click.option("--decisions", is_flag=True, help="Judge both by the clerical decisions kept apart.")
@click.option("--silver", metavar="FIELD", help="Judge both by a strong identifier.")
@click.option("--force", is_flag=True, help="Put it in use although it is worse, or not judged.")
@click.option("--why", metavar="TEXT", help="Why; kept in the registry's log.")
@click.option("--author", "by", metavar="NAME", help="Who; the user of this machine unless given.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done; change nothing.")
def promote(
    config_path: Path,
    version: str,
    *,
    as_json: bool,
    entity: str,
    **given: Any,  # noqa: ANN401
) -> None:
    """Put a model in use, unless it is worse than the one in use; the next link follows it.

    VERSION is a version, a directory, or `shipped`.
    """
    from linker.jobs.promote import Ask, By, judges_now
    from linker.jobs.promote import promote as run
    from linker.report.models_text import model_change_text

    entity_type = cast("EntityType", entity)
    by = By(**{name: given.pop(name) for name in ("truth", "decisions", "silver", "most")})
    judge = judges_now(entity_type, by)
    done = run(config_path, entity_type, version, Ask(**given), judge).to_json()
    click.echo(json.dumps(done) if as_json else model_change_text(done))


def add_models_verbs(commands: click.Group) -> None:
    """Add the verbs of this module to the commands."""
    for verb in (models, compare, promote):
        commands.add_command(verb)
