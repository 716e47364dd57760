"""Who may ask the service: commands, no logic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from linker.cli.options import Verbs, config_option, json_option


def add_access_verbs(commands: click.Group) -> None:
    """Add the verbs of this module to the commands."""
    commands.add_command(access)


@click.group(cls=Verbs, epilog="Example: linker access list --config configs/justice.toml")
def access() -> None:
    """Make, list and withdraw the tokens by which the service knows who asks."""


@access.command(
    epilog='Example: linker access add --config C.toml --name "J. Vega" --role requester '
    "--agency HSI --unit Laredo"
)
@config_option
@json_option
@click.option("--name", required=True, metavar="N", help="Whose token it is.")
@click.option(
    "--role",
    required=True,
    metavar="R",
    help="requester, owner, reviewer, manager or auditor.",
)
@click.option("--agency", metavar="A", help="Theirs, as the sources write it.")
@click.option("--unit", metavar="U", help="Theirs, as the sources write it.")
@click.option(
    "--days", type=int, default=90, show_default=True, metavar="D", help="How long; at most 365."
)
def add(config_path: Path, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Make a token and show it, this once; only its hash is kept."""
    from linker.access.tokens import Grant
    from linker.config import load_config
    from linker.jobs.access import add as run
    from linker.report.audit_text import made_text

    made = run(load_config(config_path), Grant(**given))
    click.echo(json.dumps(made) if as_json else made_text(made))


@access.command("list", epilog="Example: linker access list --config configs/justice.toml")
@config_option
@json_option
def list_all(config_path: Path, *, as_json: bool) -> None:
    """List all tokens, never the secrets."""
    from linker.config import load_config
    from linker.jobs.access import list_all as run
    from linker.report.audit_text import tokens_text

    tokens = run(load_config(config_path))
    click.echo(json.dumps({"tokens": tokens}) if as_json else tokens_text(tokens))


@access.command(
    epilog='Example: linker access withdraw 7kq2m9x4wtbn --config C.toml --why "left the unit"'
)
@click.argument("token_id", metavar="ID")
@config_option
@json_option
@click.option("--why", required=True, metavar="TEXT", help="Why; kept in the audit log.")
def withdraw(config_path: Path, token_id: str, *, as_json: bool, why: str) -> None:
    """Withdraw a token; within seconds it is refused everywhere."""
    from linker.config import load_config
    from linker.jobs.access import withdraw as run

    run(load_config(config_path), token_id, why)
    if as_json:
        click.echo(json.dumps({"id": token_id, "withdrawn": True}))
    else:
        click.echo(f"token {token_id} is withdrawn")
