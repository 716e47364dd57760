"""What is remembered of who asked what: commands, no logic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from linker.cli.options import Verbs, config_option, json_option


def add_audit_verbs(commands: click.Group) -> None:
    """Add the verbs of this module to the commands."""
    commands.add_command(audit)


@click.group(cls=Verbs, epilog="Example: linker audit verify --config configs/justice.toml")
def audit() -> None:
    """Verify, search and write out the audit log; list alerts."""


@audit.command(epilog="Example: linker audit verify --config configs/justice.toml")
@config_option
@json_option
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE.jsonl",
    help="Verify an export, not the log.",
)
@click.option(
    "--anchor", metavar="SEQ:HASH", help="An event that must still be there, as it was printed."
)
def verify(config_path: Path, *, as_json: bool, file: Path | None, anchor: str | None) -> None:
    """Find any event that was changed, removed, inserted or moved; exit with 2 if there is one."""
    from linker.config import load_config
    from linker.errors import AuditError
    from linker.jobs.audit import verify as run
    from linker.report.audit_text import fault_text, verified_text

    found = run(load_config(config_path), file, anchor)
    if as_json:
        click.echo(json.dumps(found))
    if not found["sound"]:
        raise AuditError(fault_text(found))
    if not as_json:
        click.echo(verified_text(found))


@audit.command(
    "list", epilog='Example: linker audit list --config C.toml --asked "full_name=Juan Perez"'
)
@config_option
@json_option
@click.option("--who", metavar="W", help="A token's id, a subject or a name.")
@click.option("--kind", metavar="K", help="What was done: lookup, denied, token_made, ...")
@click.option("--since", metavar="DATE", help="Not before this day or time, UTC.")
@click.option("--until", metavar="DATE", help="Not after it; a day is over at its end.")
@click.option("--case", "case_number", metavar="N", help="The case it was done for.")
@click.option("--entity", "entity_id", metavar="ENTITY", help="An entity that was shown.")
@click.option(
    "--asked",
    metavar="[FIELD=]VALUE",
    help="A value that was asked for, as this canonical field or as any.",
)
@click.option("--limit", type=click.IntRange(1, 1_000), default=100, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0, help="So many of the newest less.")
def list_all(
    config_path: Path,
    *,
    as_json: bool,
    asked: str | None,
    limit: int,
    offset: int,
    **given: Any,  # noqa: ANN401
) -> None:
    """List events, newest first; that they were read is an event too."""
    from linker.audit import Wanted
    from linker.config import load_config
    from linker.jobs.audit import list_events
    from linker.report.audit_text import events_text

    named, equals, value = (asked or "").partition("=")
    wanted = Wanted(
        **given,
        value=(value if equals else named) or None,
        asked_as=named if equals else None,
    )
    found = list_events(load_config(config_path), wanted, limit, offset)
    click.echo(json.dumps(found) if as_json else events_text(found))


@audit.command(epilog="Example: linker audit export --config C.toml --out audit.jsonl")
@config_option
@json_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Ends in .jsonl, which can be verified, .csv or .parquet.",
)
@click.option("--since", metavar="DATE", help="Not before this day or time, UTC.")
@click.option("--until", metavar="DATE", help="Not after it; a day is over at its end.")
def export(
    config_path: Path, *, as_json: bool, out: Path, since: str | None, until: str | None
) -> None:
    """Write events to a file, oldest first, with their hashes."""
    from linker.config import load_config
    from linker.jobs.audit import export_events

    events = export_events(load_config(config_path), out, since, until)
    if as_json:
        click.echo(json.dumps({"events": events, "out": str(out)}))
    else:
        click.echo(f"{events:,} events written to {out}")


@audit.command(epilog="Example: linker audit alerts --config C.toml --agency HSI --unit Laredo")
@config_option
@json_option
@click.option("--agency", metavar="A", help="Whose investigations were met; all unless given.")
@click.option("--unit", metavar="U", help="Of which of its units.")
@click.option("--all", "seen", is_flag=True, help="Also those that were seen.")
def alerts(
    config_path: Path, *, as_json: bool, agency: str | None, unit: str | None, seen: bool
) -> None:
    """List alerts: silent investigations that somebody's question met."""
    from linker.config import load_config
    from linker.jobs.audit import list_alerts
    from linker.report.audit_text import alerts_text

    found = list_alerts(load_config(config_path), agency, unit, seen=seen)
    click.echo(json.dumps(found) if as_json else alerts_text(found))
