"""What both sides read: mentions of an invented population, models, rules that fit its size."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.batch.designs import (
    MULTI_COLUMNS,
    ModelName,
    rule_columns,
    rules_of,
    write_multi,
    write_simple,
)
from benchmarks.batch.job import Clock
from benchmarks.population import Plan, config_text, generate
from linker.config import Config, load_config
from linker.intake.mentions import take_in
from linker.jobs.models import shipped_model
from linker.model import read_model
from linker.progress import Progress
from linker.schemas import CONTEXT
from linker.scoring.settings import model_columns


def prepare(records: int, models: list[ModelName], directory: str) -> dict[str, Any]:
    """Write the mentions and the models.

    Args:
        records: How many mentions.
        models: Which models.
        directory: Where they go.

    Returns:
        ``mentions``: the file; by model its directory, and its rules: name and key.
    """
    out = Path(directory)
    clock = Clock("prepare")
    shipped = read_model(shipped_model("person"), "person")
    columns = {"mention", *MULTI_COLUMNS, *model_columns(shipped.model), *rule_columns()}
    with tempfile.TemporaryDirectory(dir=out) as raw:
        with clock.stage("generate"):
            generate(Plan(records=records, form="parquet", entities="person"), Path(raw))
        config = _config(Path(raw))
        with clock.stage("standardise"):
            taken = take_in(config, ["person"], Progress(), {"person": columns}, building=Path(raw))
            mentions = taken.mentions["person"].read(sorted(columns))
    path = out / "mentions.parquet"
    mentions.write_parquet(path, compression="lz4")
    made: dict[str, Any] = {}
    with clock.stage("models and rules"):
        for name in models:
            if name == "simple":
                model = write_simple(mentions, config.person, out / "models")
            else:
                model = write_multi(shipped, out / "models")
            rules = rules_of(name, mentions)
            made[name] = {"model": str(model), "rules": {rule.name: rule.key for rule in rules}}
    return {"mentions": str(path), "models": made}


def _config(directory: Path) -> Config:
    """Return a configuration that maps what may be compared, and nothing else."""
    path = directory / "linker.toml"
    text = config_text(str(directory), str(directory / "store"), "parquet", "person")
    path.write_text(text, encoding="utf-8")
    config = load_config(path)
    unread = {*CONTEXT, "role", "predicate"}
    sources = [
        source.model_copy(
            update={
                section: {
                    key: value
                    for key, value in getattr(source, section).items()
                    if key not in unread
                }
                for section in ("fields", "formats", "values", "constants")
            }
        )
        for source in config.sources
    ]
    return config.model_copy(update={"sources": sources})
