"""The command that serves: `linker serve`."""

from __future__ import annotations

from pathlib import Path

import click

from linker.cli.options import config_option


def add_serve_verbs(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(serve)


@click.command(epilog="Example: linker serve --config configs/justice.toml --port 8000")
@config_option
@click.option("--host", metavar="ADDRESS", help="Where to listen; as configured unless given.")
@click.option("--port", type=click.IntRange(0, 65_535), metavar="N", help="0: any that is free.")
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", help="Processes that answer.")
def serve(config_path: Path, *, host: str | None, port: int | None, workers: int | None) -> None:
    """Answer questions over HTTP, for machines and on pages, until a signal ends it."""
    from linker.config import load_config
    from linker.service.server import Service

    config = load_config(config_path)
    given = {"host": host, "port": port, "workers": workers}
    service = Service(config, config_path, {k: v for k, v in given.items() if v is not None})
    serving = service.serving
    workers_told = f"{serving.workers} worker{'' if serving.workers == 1 else 's'}"
    click.echo(
        f"linker: serving generation {serving.generation} at {serving.address} with "
        f"{workers_told}; Ctrl+C ends it"
    )
    if serving.warning:
        click.echo(f"linker: warning: {serving.warning}", err=True)
    service.run()
