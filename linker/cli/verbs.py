"""What is linked, asked, trained and exported: the commands, without logic."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from linker import __version__
from linker.cli.lookup import add_lookup_verb
from linker.cli.options import Verbs, config_option, entity_option, json_option

if TYPE_CHECKING:
    from linker.schemas import EntityType


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: linker link --config configs/justice.toml",
)
@click.version_option(__version__, prog_name="linker")
def commands() -> None:
    """Link people and organizations across case, arrest and intelligence data."""


@commands.command(epilog="Example: linker link --config configs/justice.toml")
@config_option
@json_option
@click.option("--dry-run", is_flag=True, help="Read, check and count; write and publish nothing.")
@click.option("--full", is_flag=True, help="Link every record anew, not only what changed.")
@click.option(
    "--aside", is_flag=True, help="Build a generation, tell what it changes, and hold it back."
)
def link(config_path: Path, *, as_json: bool, dry_run: bool, full: bool, aside: bool) -> None:
    """Read the sources, link what changed in them, and publish a generation."""
    from linker.config import load_config
    from linker.errors import UsageError
    from linker.jobs.link import link as run
    from linker.jobs.link import rehearse
    from linker.progress import Progress
    from linker.report.text import rehearsal_text, run_text

    config = load_config(config_path)
    if dry_run:
        if full or aside:
            raise UsageError("--dry-run links nothing: leave it out, or --full and --aside")
        counted = rehearse(config, Progress())
        click.echo(json.dumps(counted) if as_json else rehearsal_text(counted))
        return
    report, generation = run(config, Progress(), anew=full, aside=aside)
    values = report.model_dump(mode="json", by_alias=True)
    click.echo(
        json.dumps(values) if as_json else run_text(values, generation.directory / "report.html")
    )


add_lookup_verb(commands)


@commands.command(epilog="Example: linker train --config configs/justice.toml --entity person")
@config_option
@json_option
@entity_option("Which entity type to train.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The registry; models/ beside the configuration unless given.",
)
@click.option("--version", "version", metavar="V", help="Its name; the next number unless given.")
@click.option(
    "--from-sources", is_flag=True, help="Read the source files, not what the store has published."
)
@click.option("--notes", "about", metavar="TEXT", help="Why, or what changed; kept with the model.")
@click.option("--dry-run", is_flag=True, help="Tell what it would be trained on; write nothing.")
def train(
    config_path: Path,
    *,
    as_json: bool,
    entity: str,
    out: Path | None,
    dry_run: bool,
    **given: Any,  # noqa: ANN401
) -> None:
    """Train a model on the published records, or on the sources, and write it to the registry."""
    from linker.config import load_config
    from linker.jobs.train import Wanted, rehearse
    from linker.jobs.train import train as run
    from linker.progress import Progress
    from linker.report.training_text import trained_text, training_rehearsal_text

    config = load_config(config_path)
    wanted = Wanted(out if out is not None else config.resolve("models"), **given)
    entity_type = cast("EntityType", entity)
    if dry_run:
        values = asdict(rehearse(config, entity_type, wanted, Progress()))
        click.echo(json.dumps(values) if as_json else training_rehearsal_text(values))
        return
    values = asdict(run(config, entity_type, wanted, Progress()))
    click.echo(json.dumps(values, default=str) if as_json else trained_text(values))


@commands.command(
    epilog="Example: linker export --config C.toml --table entities --out entities.parquet"
)
@config_option
@json_option
@click.option(
    "--table",
    type=click.Choice(["entities", "pairs", "ledger", "investigations", "differences"]),
    required=True,
    help="Which table of the published generation.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Ends in .parquet or .csv.",
)
@click.option(
    "--as-of",
    "until",
    metavar="DATE",
    help="As it was in the last generation published on that day or before.",
)
@click.option(
    "--generation",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Of this generation, such as one that was held back.",
)
def export(config_path: Path, *, as_json: bool, table: str, out: Path, **which: Any) -> None:  # noqa: ANN401
    """Write a table of the published generation to a file."""
    from linker.config import load_config
    from linker.jobs.export import export as run

    rows = run(load_config(config_path), table, out, **which)
    if as_json:
        click.echo(json.dumps({"table": table, "rows": rows, "out": str(out)}))
    else:
        click.echo(f"{rows:,} rows of {table} written to {out}")


@commands.command(epilog="Example: linker status --config configs/justice.toml")
@config_option
@json_option
def status(config_path: Path, *, as_json: bool) -> None:
    """Show the generations of the store, the published one, its age, its models and counts."""
    from linker.config import load_config
    from linker.jobs.status import status as run
    from linker.report.text import status_text

    values = run(load_config(config_path))
    click.echo(json.dumps(values) if as_json else status_text(values))
