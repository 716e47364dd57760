"""How good a model is: the command, without logic."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from linker.cli.options import Verb, config_option, entity_option, json_option

if TYPE_CHECKING:
    from linker.schemas import EntityType


def add_judging_verbs(commands: click.Group) -> None:
    """Add the verbs of this module to the commands."""
    commands.add_command(evaluate)


def _costs(_context: click.Context, _option: click.Parameter, text: str) -> tuple[float, ...]:
    """Return numbers above 0 that were written with commas between."""
    try:
        found = tuple(float(word) for word in text.split(","))
    except ValueError:
        found = ()
    if not found or not all(0 < cost < math.inf for cost in found):
        raise click.BadParameter("give numbers above 0 with commas between, such as 1,5,20")
    return found


@click.command(
    cls=Verb, epilog="Example: linker evaluate --config C.toml --entity person --truth labels.csv"
)
@config_option
@json_option
@entity_option("Which entity type to judge.")
@click.option(
    "--model", metavar="MODEL", help="A version or a directory; the one in use unless given."
)
@click.option(
    "--truth",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Labels: a CSV or Parquet file of pairs (is_match) or of records (true_id).",
)
@click.option("--decisions", is_flag=True, help="By the clerical decisions kept apart for it.")
@click.option(
    "--silver", metavar="FIELD", help="By a strong identifier, such as fingerprint_id, hidden."
)
@click.option(
    "--records",
    "most",
    type=click.IntRange(min=0),
    default=1_000_000,
    show_default=True,
    metavar="N",
    help="Link at most so many records, drawn by a seed, and those of the labels; 0 links all.",
)
@click.option(
    "--false-merge-cost",
    "costs",
    callback=_costs,
    default="1,5,20",
    show_default=True,
    help="What a false pair costs, a missed one costing 1; a threshold is proposed for each.",
)
@click.option("--from-sources", is_flag=True, help="Read the sources, not what is published.")
@click.option(
    "--write/--no-write",
    default=True,
    show_default=True,
    help="Keep the judgement in the model's directory.",
)
def evaluate(
    config_path: Path,
    *,
    as_json: bool,
    entity: str,
    **given: Any,  # noqa: ANN401
) -> None:
    """Judge a model by what is known of which records belong together."""
    from linker.config import load_config
    from linker.jobs.evaluate import Ask
    from linker.jobs.evaluate import evaluate as run
    from linker.progress import Progress
    from linker.report.judgement_text import judgement_text

    config = load_config(config_path)
    found = run(config, cast("EntityType", entity), Ask(**given), Progress())
    values = found.model_dump(mode="json")
    click.echo(json.dumps(values) if as_json else judgement_text(values))
