"""How far the data moved away from what the models were trained on: the command, no logic."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from linker.cli.options import Verb, config_option, entity_option, json_option

if TYPE_CHECKING:
    from linker.schemas import EntityType


def add_drift_verbs(commands: click.Group) -> None:
    """Add the verb of this module to the commands."""
    commands.add_command(drift)


@click.command(cls=Verb, epilog="Example: linker drift --config configs/justice.toml --check")
@config_option
@json_option
@entity_option("Of one entity type; of all unless given.", required=False)
@click.option(
    "--since",
    type=click.IntRange(min=1),
    metavar="GENERATION",
    help="Compare with this generation instead of the training data.",
)
@click.option("--all", "everything", is_flag=True, help="Also list what is as before.")
@click.option("--check", is_flag=True, help="Exit with code 1 where retraining is due.")
@click.option("--write", is_flag=True, help="Keep it beside the model, and on its report.html.")
def drift(
    config_path: Path,
    *,
    as_json: bool,
    entity: str | None,
    since: int | None,
    everything: bool,
    check: bool,
    write: bool,
) -> None:
    """Tell how far what is linked moved from the training data, and whether to retrain."""
    from linker.config import load_config
    from linker.errors import UsageError
    from linker.jobs.drift import drift as run
    from linker.jobs.drift import keep
    from linker.report.drift_text import drift_text

    if write and since is not None:
        raise UsageError("--write keeps the drift from the training data: leave --since out")
    config = load_config(config_path)
    found = run(config, cast("EntityType | None", entity), since)
    if write:
        keep(config, found)
    click.echo(json.dumps(found) if as_json else drift_text(found, everything=everything))
    if check and found["due"]:
        sys.exit(1)
