"""The last door: runs a command, and says on one line what went wrong."""

from __future__ import annotations

import io
import logging
import sys
from typing import NoReturn

import click

from linker.cli.verbs import commands
from linker.errors import LinkerError


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
