"""What people decided about pairs of records, and what became of an entity: commands, no logic."""

from __future__ import annotations

import json
from pathlib import Path

import click

from linker.cli.options import Verb, Verbs, config_option, json_option
from linker.cli.review_queue import add_queue_verbs


def add_review_verbs(commands: click.Group) -> None:
    """Add the verbs of this module to the commands."""
    add_queue_verbs(review)
    commands.add_command(review)
    commands.add_command(history)


@click.group(
    cls=Verbs, epilog="Example: linker review import decisions.csv --config configs/justice.toml"
)
def review() -> None:
    """Choose pairs of records for people to look at; bring in, list, withdraw, export decisions."""


@review.command(
    "import", epilog="Example: linker review import decisions.csv --config C.toml --author r.vega"
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@config_option
@json_option
@click.option("--author", metavar="A", help="Of the rows that name none.")
@click.option("--dry-run", is_flag=True, help="Check and list bad rows; record nothing.")
@click.option("--keep-good", is_flag=True, help="Record the good rows though others are bad.")
def import_file(
    config_path: Path,
    file: Path,
    *,
    as_json: bool,
    author: str | None,
    dry_run: bool,
    keep_good: bool,
) -> None:
    """Record the decisions of a CSV file; the next link follows them."""
    from linker.config import load_config
    from linker.jobs.review import import_decisions
    from linker.report.review_text import import_text

    done = import_decisions(
        load_config(config_path), file, author, dry_run=dry_run, keep_good=keep_good
    )
    click.echo(json.dumps(done) if as_json else import_text(done))


@review.command("list", epilog="Example: linker review list --config configs/justice.toml")
@config_option
@json_option
@click.option("--all", "everything", is_flag=True, help="Also those in force no more.")
def list_all(config_path: Path, *, as_json: bool, everything: bool) -> None:
    """List the decisions and what became of each."""
    from linker.config import load_config
    from linker.jobs.review import OVER, list_decisions
    from linker.report.review_text import decisions_text

    found = list_decisions(load_config(config_path))
    if not everything:
        found["decisions"] = [row for row in found["decisions"] if row["status"] not in OVER]
    click.echo(json.dumps(found) if as_json else decisions_text(found))


@review.command(
    epilog='Example: linker review withdraw 17 --config C.toml --why "a clerk took it back"'
)
@click.argument("number", type=int, metavar="ID")
@config_option
@json_option
@click.option("--why", required=True, metavar="TEXT", help="Why; kept in the journal.")
@click.option("--author", metavar="A", help="Who withdraws it; you unless given.")
def withdraw(
    config_path: Path, number: int, *, as_json: bool, why: str, author: str | None
) -> None:
    """Withdraw a decision; it stays in the journal, and the next link follows it no more."""
    from linker.config import load_config
    from linker.jobs.review import withdraw_decision

    done = withdraw_decision(load_config(config_path), number, author, why)
    if as_json:
        click.echo(json.dumps(done))
    else:
        click.echo(f"decision {number} is withdrawn; the next link follows it no more")


@review.command("export", epilog="Example: linker review export --config C.toml --out decided.csv")
@config_option
@json_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Ends in .csv or .parquet.",
)
def export_all(config_path: Path, *, as_json: bool, out: Path) -> None:
    """Write all decisions to a file that import reads."""
    from linker.config import load_config
    from linker.jobs.review import export_decisions

    rows = export_decisions(load_config(config_path), out)
    if as_json:
        click.echo(json.dumps({"rows": rows, "out": str(out)}))
    else:
        click.echo(f"{rows:,} decisions written to {out}")


@click.command(
    cls=Verb, epilog="Example: linker history p4k0c9w2m7x1ab --config configs/justice.toml"
)
@click.argument("entity_id", metavar="ENTITY")
@config_option
@json_option
def history(config_path: Path, entity_id: str, *, as_json: bool) -> None:
    """Show what happened to an entity, what it was merged into, and which records it had when."""
    from linker.config import load_config
    from linker.jobs.history import history as run
    from linker.report.review_text import history_text

    found = run(load_config(config_path), entity_id)
    click.echo(json.dumps(found) if as_json else history_text(found))
