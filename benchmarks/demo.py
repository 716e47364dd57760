"""The demonstration: generate a population, link it, and look up a target two units are on.

Run it with ``make demo``, or ``python -m benchmarks.demo``. It prints each command before running
it, so that the same can be typed by hand, and fails unless the target is found with an active
investigation of another unit.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CONFIG = "configs/justice.toml"
OUT = "var/demo"
OPTIONS = {
    "full_name": "name",
    "aliases": "alias",
    "phones": "phone",
    "emails": "email",
    "plates": "plate",
}
"""Canonical fields whose option of `linker lookup` has another name."""

Unit = tuple[str, str]
"""An agency and one of its units."""


def main() -> int:
    """Run the demonstration and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.demo", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="mentions to generate")
    records = parser.parse_args().records
    began = time.monotonic()
    _run(["python", "-m", "benchmarks.population", "--records", str(records), "--out", OUT])
    _run(["linker", "link", "--config", CONFIG])
    target = json.loads((ROOT / OUT / "demo_target.json").read_text(encoding="utf-8"))
    lookup = ["linker", "lookup", "--config", CONFIG, *lookup_options(target["query"])]
    _run(lookup)
    answer = json.loads(_run([*lookup, "--json"], show=False))
    agency, unit = next((case["agency"], case["unit"]) for case in target["cases"] if case["open"])
    found = active_elsewhere(answer, (agency, unit))
    print(f"\n{time.monotonic() - began:.0f} seconds in all")
    if not found:
        print("FAILED: the target was not found with an active investigation of another unit")
        return 1
    print(f"Found. {agency} / {unit} asked, and on the same target is also:")
    for row in found:
        contact = row["contact_name"] or "no contact recorded"
        print(f"  {row['agency']} / {row['unit']}, {row['class']}, call {contact}")
    return 0


def lookup_options(query: dict[str, str | list[str]]) -> list[str]:
    """Return canonical fields as options of `linker lookup`."""
    words = []
    for field, given in query.items():
        option = f"--{OPTIONS.get(field, field).replace('_', '-')}"
        for value in given if isinstance(given, list) else [given]:
            words += [option, value]
    return words


def active_elsewhere(answer: dict[str, Any], asking: Unit) -> list[dict[str, Any]]:
    """Return the active investigations of other units that a lookup found.

    Args:
        answer: What `linker lookup --json` printed.
        asking: The unit that asks. Its own investigation is no news to it.
    """
    return [
        row
        for hit in answer["hits"]
        if hit["tier"] in ("CONFIRMED", "PROBABLE")
        for row in hit["investigations"]
        if row["class"] == "SIMULTANEOUS" and (row["agency"], row["unit"]) != asking
    ]


def _run(words: list[str], *, show: bool = True) -> str:
    """Print a command, run it in the project's folder, and return what it printed."""
    print(f"\n$ {shlex.join(words)}", flush=True)
    python = Path(sys.executable)
    program = {"python": python, "linker": python.with_name("linker")}[words[0]]
    done = subprocess.run(
        [program, *words[1:]], cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE
    )
    if done.returncode:
        print(done.stdout, end="")
        raise SystemExit(f"failed with exit code {done.returncode}: {shlex.join(words)}")
    if show:
        print(done.stdout, end="", flush=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
