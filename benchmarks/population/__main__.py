"""The command: ``python -m benchmarks.population --records 100000 --out var/demo``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

import click

from benchmarks.population.config_file import config_text, expected_text
from benchmarks.population.delta import DeltaPlan, write_delta
from benchmarks.population.generate import Plan, Summary, generate
from benchmarks.population.rates import described, rates_from
from benchmarks.population.source_files import Entities, Form
from linker.errors import LinkerError, UsageError


@click.command()
@click.option("--records", type=int, default=100_000, show_default=True, help="Records in all.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Directory to write.")
@click.option("--seed", type=int, default=1, show_default=True, help="Other seed, other people.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="csv mixes CSV, Parquet and JSON Lines; parquet writes Parquet alone.",
)
@click.option(
    "--entity",
    type=click.Choice(["both", "person", "organization"]),
    default="both",
    show_default=True,
    help="What is recorded.",
)
@click.option("--rate", "rates", multiple=True, metavar="NAME=SHARE", help="Replace a rate.")
@click.option(
    "--delta",
    type=click.IntRange(min=4),
    metavar="N",
    help="Also a night's delta of N records, in OUT/delta; needs --format parquet.",
)
@click.option("--config-out", type=click.Path(path_type=Path), help="Write a configuration too.")
@click.option("--describe", is_flag=True, help="Show every rate in force and how often it struck.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def main(**options: Any) -> None:  # noqa: ANN401
    """Write a population of people and organizations with known answers.

    Example: python -m benchmarks.population --records 100000 --out var/demo
    """
    out: Path = options["out"]
    delta = DeltaPlan(options["delta"]) if options["delta"] else None
    try:
        if delta and options["form"] != "parquet":
            raise UsageError("--delta: a delta is written as Parquet; add --format parquet")
        plan = Plan(
            records=options["records"] + (delta.withheld if delta else 0),
            seed=options["seed"],
            form=cast("Form", options["form"]),
            entities=cast("Entities", options["entity"]),
            rates=rates_from(options["rates"]),
        )
        summary = generate(plan, out)
        if delta:
            write_delta(out, delta, plan.seed)
        if options["config_out"] is not None:
            _write_config(options["config_out"], out, plan, summary, delta=delta is not None)
    except (LinkerError, OSError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)
    _print_counts(summary)
    if options["describe"]:
        _print_rates(plan, summary)
    if options["as_json"]:
        print(json.dumps(_as_json(plan, summary)))


def _write_config(path: Path, out: Path, plan: Plan, summary: Summary, *, delta: bool) -> None:
    directory = out.resolve()
    store = str(directory / "store")
    text = config_text(str(directory), store, plan.form, plan.entities, delta=delta)
    text += expected_text(summary.sources)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _print_counts(summary: Summary) -> None:
    print(f"{'source':<24}{'records':>12}")
    for name, count in summary.sources.items():
        print(f"{name:<24}{count:>12,}")
    print(f"{'in all':<24}{sum(summary.sources.values()):>12,}")
    print(f"{'distinct people':<24}{summary.people:>12,}")
    print(f"{'distinct organizations':<24}{summary.organizations:>12,}")
    for entity, pairs in summary.pairs.items():
        share = f"{summary.apart[entity] / max(pairs, 1):.2%} that nothing joins"
        print(f"{'true pairs, ' + entity:<24}{pairs:>12,}  of which {share}")
    print(f"{'seconds':<24}{summary.seconds:>12.1f}")
    print(f"{'peak memory, GB':<24}{summary.peak_gb:>12.2f}")


def _print_rates(plan: Plan, summary: Summary) -> None:
    print(f"\n{'rate':<24}{'in force':>9}{'records':>12}{'of':>12}  meaning")
    for name, share, about in described(plan.rates):
        counts = f"{'':>24}"
        if name in summary.eligible:
            counts = f"{summary.applied[name]:>12,}{summary.eligible[name]:>12,}"
        print(f"{name:<24}{share:>9.3f}{counts}  {about}")


def _as_json(plan: Plan, summary: Summary) -> dict[str, Any]:
    return {
        "records": plan.records,
        "seed": plan.seed,
        "sources": summary.sources,
        "people": summary.people,
        "organizations": summary.organizations,
        "rates": {name: share for name, share, _ in described(plan.rates)},
        "true_pairs": dict(summary.pairs),
        "unfindable_pairs": dict(summary.apart),
        "applied": dict(summary.applied),
        "eligible": dict(summary.eligible),
        "seconds": round(summary.seconds, 2),
        "peak_gb": round(summary.peak_gb, 3),
    }


if __name__ == "__main__":
    main()
