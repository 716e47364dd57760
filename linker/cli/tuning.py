"""Blocking rules chosen by a budget of candidate pairs: the command, no logic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from linker.cli.options import Verb, config_option, entity_option, json_option

if TYPE_CHECKING:
    from linker.schemas import EntityType


def add_tuning_verbs(commands: click.Group) -> None:
    """Add the verbs of this module to the commands."""
    commands.add_command(tune_blocking)


@click.command(
    "tune-blocking",
    cls=Verb,
    epilog="Example: linker tune-blocking --config C.toml --entity person --max-pairs 20000000",
)
@config_option
@json_option
@entity_option("Whose blocking rules.")
@click.option(
    "--max-pairs",
    type=click.IntRange(min=1),
    required=True,
    metavar="N",
    help="The budget: candidate pairs of all rules together, each counted once.",
)
@click.option(
    "--records",
    type=click.IntRange(min=1),
    default=20_000,
    show_default=True,
    metavar="N",
    help="How many records are sampled; each meets all the others.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=0, metavar="N", help="Of the sample."
)
@click.option(
    "--truth",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Who is who: source, record_id, true_id; ends in .csv or .parquet.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where the chosen rules are written, as a piece of a configuration.",
)
@click.option("--no-generated", is_flag=True, help="Choose among the configured rules alone.")
@click.option("--keep-order", is_flag=True, help="Keep configured rules in their order, first.")
def tune_blocking(
    config_path: Path,
    entity: str,
    max_pairs: int,
    *,
    truth: Path | None,
    out: Path | None,
    as_json: bool,
    **given: int,
) -> None:
    """Choose the blocking rules that find most matches within a budget of candidate pairs."""
    from linker.config import load_config
    from linker.jobs.tune_blocking import tune_blocking as run
    from linker.progress import Progress
    from linker.report.tuning_text import tuning_text
    from linker.tuning.tune import Asked

    asked = Asked(
        most_pairs=max_pairs,
        probes=given["records"],
        seed=given["seed"],
        generate=not given["no_generated"],
        keep_order=bool(given["keep_order"]),
    )
    done = run(load_config(config_path), cast("EntityType", entity), asked, truth, out, Progress())
    click.echo(json.dumps(done.to_json()) if as_json else tuning_text(done.to_json()))
