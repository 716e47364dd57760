"""The queue of pairs that people look at: commands, no logic."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

from linker.cli.options import config_option, entity_option, json_option

_VERDICTS: Final = click.Choice(["match", "non_match", "unsure"])


def add_queue_verbs(review: click.Group) -> None:
    """Add the verbs of this module to ``linker review``."""
    for verb in (queue, next_pair, show, decide, agreement):
        review.add_command(verb)


def _reviewer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what says who reviews."""
    for option in (
        click.option("--unit", metavar="U", help="Theirs."),
        click.option("--agency", metavar="A", help="Theirs: silent cases of its unit are shown."),
        click.option(
            "--role",
            type=click.Choice(["reviewer", "manager"]),
            default="reviewer",
            show_default=True,
            help="A manager sees silent cases of all.",
        ),
        click.option("--author", metavar="A", help="Who reviews; you unless given."),
    ):
        command = option(command)
    return command


@click.command(
    "queue", epilog="Example: linker review queue --config C.toml --entity person --size 200"
)
@config_option
@json_option
@entity_option("Which entity type.")
@click.option("--size", type=int, metavar="N", help="How many pairs; review.size unless given.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 2), metavar="S", help="Draws the samples.")
@click.option("--dry-run", is_flag=True, help="Choose and count; queue nothing.")
def queue(
    config_path: Path,
    *,
    as_json: bool,
    entity: Any,  # noqa: ANN401
    size: int | None,
    seed: int | None,
    dry_run: bool,
) -> None:
    """Queue the pairs of which a label teaches most, and some drawn at random for measuring."""
    from linker.config import load_config
    from linker.jobs.review_queue import fill_queue
    from linker.progress import Progress
    from linker.report.review_text import queue_text

    done = fill_queue(
        load_config(config_path), entity, Progress(), size=size, seed=seed, dry_run=dry_run
    )
    click.echo(json.dumps(done) if as_json else queue_text(done))


@click.command("next", epilog="Example: linker review next --config C.toml --author r.vega")
@config_option
@json_option
@entity_option("Of which entity type; of any unless given.", required=False)
@_reviewer_options
def next_pair(
    config_path: Path,
    *,
    as_json: bool,
    entity: Any,  # noqa: ANN401
    author: str | None,
    **asker: Any,  # noqa: ANN401
) -> None:
    """Show the next pair to look at, without what the model says of it."""
    from linker.config import load_config
    from linker.deconfliction.disclose import Viewer
    from linker.jobs.review_queue import as_json as item_json
    from linker.jobs.review_queue import next_item
    from linker.report.review_text import item_text

    found = next_item(load_config(config_path), entity, author, Viewer(**asker))
    told = None if found is None else item_json(found)
    if as_json:
        click.echo(json.dumps({"item": told}))
    else:
        click.echo("no pair is left to look at" if told is None else item_text(told))


@click.command("show", epilog="Example: linker review show 17 --config C.toml --author r.vega")
@click.argument("number", type=int, metavar="NUMBER")
@config_option
@json_option
@_reviewer_options
def show(
    config_path: Path,
    number: int,
    *,
    as_json: bool,
    author: str | None,
    **asker: Any,  # noqa: ANN401
) -> None:
    """Show a queued pair; once you have decided, with what the model says of it."""
    from linker.config import load_config
    from linker.deconfliction.disclose import Viewer
    from linker.jobs.review_queue import as_json as item_json
    from linker.jobs.review_queue import show_item
    from linker.report.review_text import item_text

    viewer = Viewer(**asker)
    told = item_json(show_item(load_config(config_path), number, author, viewer))
    click.echo(json.dumps(told) if as_json else item_text(told))


@click.command(
    "decide", epilog="Example: linker review decide 17 match --config C.toml --author r.vega"
)
@click.argument("number", type=int, metavar="NUMBER")
@click.argument("verdict", type=_VERDICTS, metavar="VERDICT")
@config_option
@json_option
@click.option("--reason", default="", metavar="TEXT", help="Why; kept in the journal.")
@_reviewer_options
def decide(
    config_path: Path,
    number: int,
    verdict: Any,  # noqa: ANN401
    *,
    as_json: bool,
    reason: str,
    author: str | None,
    **asker: Any,  # noqa: ANN401
) -> None:
    """Say of a queued pair match, non_match or unsure; the next link follows what is decided."""
    from linker.config import load_config
    from linker.deconfliction.disclose import Viewer
    from linker.jobs.review_queue import decide_item
    from linker.report.review_text import verdict_text

    done = decide_item(load_config(config_path), number, verdict, (author, reason), Viewer(**asker))
    click.echo(json.dumps(asdict(done)) if as_json else verdict_text(asdict(done)))


@click.command("agreement", epilog="Example: linker review agreement --config C.toml")
@config_option
@json_option
def agreement(config_path: Path, *, as_json: bool) -> None:
    """Say how far reviewers agree, and what pairs drawn at random say of the links."""
    from linker.config import load_config
    from linker.jobs.review_queue import review_agreement
    from linker.report.review_text import agreement_text

    done = review_agreement(load_config(config_path))
    click.echo(json.dumps(done) if as_json else agreement_text(done))
