"""Two tiny models of people in the registry beside a configuration, and judgements of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from linker.config import load_config
from linker.judging.judgement import Judgement, write_judgement
from linker.model import LinkageModel, TrainedComparison, read_model
from linker.training.registry import write_model
from linker.training.registry_log import LOG
from tests.increments.models import PERSON, PRIOR, trained
from tests.jobs.running import Done, run

TARGET_RECORDS = (("arrests", "a01"), ("cases", "k01"), ("cases", "k02"), ("cases", "k03"))
CULTURES = {"hispanic": 0.9, "arabic": 0.8}
"""Name cultures, and F1 and recall of the first model."""


def person_model(version: str, prior: float = PRIOR, **values: Any) -> LinkageModel:
    return LinkageModel(
        entity_type="person",
        version=version,
        prior=prior,
        comparisons=tuple(
            TrainedComparison(name=name, role=role, levels=tuple(map(trained, levels)))
            for (name, role), levels in PERSON.items()
        ),
        term_frequency_floors={"name_key": 0.01},
        training={"records": 42, "seed": 7},
        **values,
    )


def write_version(config: Path, model: LinkageModel) -> Path:
    """Write a model into the registry beside a configuration."""
    common = pl.DataFrame({"name_key": ["nobody"], "tf": [0.2]})
    return write_model(config.parent / "models", model, {"name_key": common}, {})


def two_models(config: Path) -> Path:
    """Write version 1, and version 2 that links more, and name the first in the configuration."""
    write_version(config, person_model("1", link_threshold=0.9999))
    write_version(config, person_model("2", link_threshold=0.6, identity_floor=1.0))
    with config.open("a", encoding="utf-8") as handle:
        handle.write('\n# who is one\n[person]\nmodel = "models/person/1"  # of spring\n')
    return config


def judged(config: Path, version: str, f1: float = 0.9, **more: Any) -> None:
    """Write a judgement of a version, as `linker evaluate` would."""
    directory = config.parent / "models/person" / version
    in_use = read_model(directory, "person")
    write_judgement(directory, judgement(config, in_use.name, f1, **more))


def judgement(
    config: Path,
    name: str,
    f1: float = 0.9,
    *,
    precision: float = 0.95,
    cultures: dict[str, float] | None = None,
    digest: str = "t1",
    data: str = "d1",
    thresholds: dict[str, float] | None = None,
) -> Judgement:
    directory = config.parent / "models" / name.partition("@")[0]
    settings = load_config(config).person
    used = read_model(directory, "person").model.thresholds(settings).numbers
    groups = CULTURES if cultures is None else cultures

    def figures(value: float, right: float) -> dict[str, Any]:
        return {
            "pairwise_precision": (right, right - 0.01, right + 0.01),
            "pairwise_recall": (value, value - 0.01, value + 0.01),
            "pairwise_f1": (value, value - 0.01, value + 0.01),
        }

    return Judgement.model_validate(
        {
            "at": "2026-06-30T00:00:00+00:00",
            "model": name,
            "truth": {
                "kind": "clusters",
                "name": "truth.csv",
                "digest": digest,
                "records": 4000,
                "true_pairs": 3000,
            },
            "data": {"origin": "all", "digest": data, "total": 42, "sampled": 42},
            "thresholds": thresholds or used,
            "overall": figures(f1, precision),
            "groups": {
                "culture": [
                    {"name": culture, "records": 2000, **figures(value, precision)}
                    for culture, value in groups.items()
                ]
            },
            "curve": [],
            "calibration": None,
            "blocking": {"recall": 1.0, "by_rule": [], "scoring_recall": 1.0},
            "unlinkable": {"share": 0.0, "threshold": 0.9},
            "proposed": [],
            "notes": [],
        }
    )


def promote(config: Path, *words: str | Path) -> Done:
    return run("promote", *words, "--config", config, "--entity", "person")


def roll_back(config: Path, *words: str) -> Done:
    why = words or ("--why", "it merged two drivers")
    return run("rollback", *why, "--config", config, "--entity", "person")


def listed(config: Path) -> dict[str, Any]:
    found: dict[str, Any] = run("models", "--config", config, "--json").json
    return found


def log(config: Path) -> list[dict[str, Any]]:
    path = config.parent / "models/person" / LOG
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def named(config: Path) -> str | None:
    return load_config(config).person.model


def truth_file(config: Path) -> Path:
    rows = ["source,record_id,true_id"]
    rows += [f"cases,x{number:02},x{number}" for number in range(24)]
    rows += [f"{source},{name},t" for source, name in TARGET_RECORDS]
    rows += ["arrests,a03,h", "cases,k11,h", "cases,k12,h", "cases,k05,c", "cases,k13,c"]
    path = config.with_name("truth.csv")
    path.write_text("\n".join(rows) + "\n")
    return path
