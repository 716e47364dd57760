"""What all commands have in common: how words are refused, and the options each one has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from linker.errors import nearest


class Verb(click.Command):
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


class Verbs(click.Group):
    """A group that offers the nearest verb for an unknown one."""

    command_class = Verb

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


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--config``."""
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        required=True,
        metavar="FILE",
        help="The configuration: a TOML file.",
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")(
        command
    )


def entity_option(
    words: str, *, required: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what gives a command ``--entity``.

    Args:
        words: What is said of it.
        required: Whether it must be given.
    """
    kinds = click.Choice(["person", "organization"])
    return click.option("--entity", type=kinds, required=required, help=words)
