"""The command line: doors without logic. Exit code 0 on success, 2 on a usage or data error."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn, cast

import click

from linker import __version__
from linker.errors import LinkerError, nearest
from linker.schemas import EntityType


class _Verb(click.Command):
    """A command that takes options alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse words beside the options without repeating them: they may be of a name."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest:
            raise click.UsageError(
                f"{len(rest)} words belong to no option; put a value of several words in quotes",
                ctx,
            )
        return rest


class _Verbs(click.Group):
    """A group that offers the nearest verb for an unknown one."""

    command_class = _Verb

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Ask for a verb where none was written."""
        if not args:
            raise click.UsageError(f"name a verb: {', '.join(self.commands)}", ctx)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that was written."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            hint = nearest(args[0], self.commands)
            raise click.UsageError(f"no such verb: {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: linker link --config configs/justice.toml",
)
@click.version_option(__version__, prog_name="linker")
def commands() -> None:
    """Link people and organizations across case, arrest and intelligence data."""


def _config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        required=True,
        metavar="FILE",
        help="The configuration: a TOML file.",
    )(command)


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")(
        command
    )


@commands.command(epilog="Example: linker link --config configs/justice.toml")
@_config_option
@_json_option
@click.option("--dry-run", is_flag=True, help="Read, check and count; write and publish nothing.")
def link(config_path: Path, *, as_json: bool, dry_run: bool) -> None:
    """Read every source, link it, and publish a generation."""
    from linker.config import load_config
    from linker.jobs.link import link as run
    from linker.jobs.link import rehearse
    from linker.jobs.progress import Progress
    from linker.report.text import rehearsal_text, run_text

    config = load_config(config_path)
    if dry_run:
        counted = rehearse(config, Progress())
        click.echo(json.dumps(counted) if as_json else rehearsal_text(counted))
        return
    report, generation = run(config, Progress())
    values = report.model_dump(mode="json", by_alias=True)
    click.echo(
        json.dumps(values) if as_json else run_text(values, generation.directory / "report.html")
    )


@commands.command(
    epilog='Example: linker lookup --config C.toml --name "Juan Perez" --birth-date 1980-05-24'
)
@_config_option
@_json_option
@click.option("--organization", is_flag=True, help="Look for an organization, not a person.")
@click.option("--name", help="The full name, in any usual order.")
@click.option("--given-name")
@click.option("--middle-name")
@click.option("--surname", help="The family name or names.")
@click.option("--alias", "aliases", multiple=True, help="Another name; may be repeated.")
@click.option("--birth-date", help="For example 1980-05-24, 5/24/1980 or 1980.")
@click.option("--age", help="In years, where no birth date is known.")
@click.option("--sex")
@click.option("--birth-place")
@click.option("--a-number")
@click.option("--fbi-number")
@click.option("--fingerprint-id")
@click.option("--ssn")
@click.option("--passport")
@click.option("--national-id", help="CURP or another national identifier.")
@click.option("--driver-license")
@click.option("--registration-id", help="Of an organization.")
@click.option("--tax-id", help="Of an organization.")
@click.option("--phone", "phones", multiple=True, help="May be repeated.")
@click.option("--email", "emails", multiple=True, help="May be repeated.")
@click.option("--plate", "plates", multiple=True, help="May be repeated.")
@click.option("--address")
@click.option("--city")
@click.option("--state")
@click.option("--postal-code")
@click.option("--country")
def lookup(config_path: Path, *, as_json: bool, organization: bool, **given: Any) -> None:  # noqa: ANN401
    """Ask whether a person or an organization has been investigated before, or is right now."""
    from linker.config import load_config
    from linker.errors import UsageError
    from linker.jobs.lookup import lookup as run
    from linker.report.text import answer_text
    from linker.schemas import ORGANIZATION_FIELDS, PERSON_FIELDS

    entity: EntityType = "organization" if organization else "person"
    name = given.pop("name")
    fields = {
        key: list(value) if isinstance(value, tuple) else value for key, value in given.items()
    }
    fields["name" if organization else "full_name"] = name
    fields = {key: value for key, value in fields.items() if value}
    for field in fields:
        if field not in (ORGANIZATION_FIELDS if organization else PERSON_FIELDS):
            option = field.replace("_", "-")
            raise UsageError(f"--{option} does not go with a lookup of a{_n(entity)} {entity}")
    answer = run(load_config(config_path), entity, fields).to_json()
    click.echo(json.dumps(answer) if as_json else answer_text(answer))


def _n(entity: str) -> str:
    return "n" if entity[0] in "aeiou" else ""


@commands.command(epilog="Example: linker train --config configs/justice.toml --entity person")
@_config_option
@_json_option
@click.option(
    "--entity",
    type=click.Choice(["person", "organization"]),
    required=True,
    help="Which entity type to train.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The registry; models/ beside the configuration unless given.",
)
@click.option("--version", "version", metavar="V", help="Its name; the next number unless given.")
def train(
    config_path: Path, *, as_json: bool, entity: str, out: Path | None, version: str | None
) -> None:
    """Train a model on the configured sources and write it to the registry."""
    from linker.config import load_config
    from linker.jobs.progress import Progress
    from linker.jobs.train import train as run

    config = load_config(config_path)
    directory = out if out is not None else config.resolve("models")
    trained = run(config, cast("EntityType", entity), directory, version, Progress())
    if as_json:
        click.echo(json.dumps(asdict(trained), default=str))
    else:
        click.echo(
            f"trained {trained.entity_type}/{trained.version} on {trained.records:,} records in "
            f'{trained.seconds:.1f} s; to use it set {entity}.model = "{trained.directory}"'
        )


@commands.command(
    epilog="Example: linker export --config C.toml --table entities --out entities.parquet"
)
@_config_option
@_json_option
@click.option(
    "--table",
    type=click.Choice(["entities", "pairs", "ledger", "investigations"]),
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
def export(config_path: Path, *, as_json: bool, table: str, out: Path) -> None:
    """Write a table of the published generation to a file."""
    from linker.config import load_config
    from linker.jobs.export import export as run

    rows = run(load_config(config_path), table, out)
    if as_json:
        click.echo(json.dumps({"table": table, "rows": rows, "out": str(out)}))
    else:
        click.echo(f"{rows:,} rows of {table} written to {out}")


@commands.command(epilog="Example: linker status --config configs/justice.toml")
@_config_option
@_json_option
def status(config_path: Path, *, as_json: bool) -> None:
    """Show the generations of the store, the published one, its age, its models and counts."""
    from linker.config import load_config
    from linker.jobs.status import status as run
    from linker.report.text import status_text

    values = run(load_config(config_path))
    click.echo(json.dumps(values) if as_json else status_text(values))


def main() -> NoReturn:
    """Run a command and exit: 0 done, 1 a defect of linker, 2 an error a person can mend."""
    splink_log = logging.getLogger("splink")
    splink_log.addHandler(logging.NullHandler())
    splink_log.propagate = False  # what matters of it is said by the command itself
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal cannot show is no error
            stream.reconfigure(errors="backslashreplace")
    try:
        commands.main(prog_name="linker", standalone_mode=False)
    except SystemExit:
        raise
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except BaseException as error:  # noqa: BLE001 - the last door, for panics below Python too
        message, code = _told(error)
        click.echo(f"linker: {message}", err=True)
        sys.exit(code)
    sys.exit(0)


def _told(error: BaseException) -> tuple[str, int]:
    """Return what is said of an error, on one line, and the exit code."""
    # the text is what DuckDB makes of a KeyboardInterrupt
    if isinstance(error, click.Abort | KeyboardInterrupt) or "Query interrupted" in str(error):
        return "interrupted; an unfinished run publishes nothing", 130
    if isinstance(error, LinkerError):
        return _one_line(str(error)), 2
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "linker"
        return f"{_one_line(error.format_message()).rstrip('.')}; see {command} --help", 2
    if isinstance(error, click.ClickException):
        return _one_line(error.format_message()), 2
    return f"internal error: {type(error).__name__} at {_place(error)}", 1


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _place(error: BaseException) -> str:
    """Return module and line of the innermost frame of ours; messages may hold data."""
    place, trace = "?", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("linker"):
            place = f"{name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


if __name__ == "__main__":
    main()
