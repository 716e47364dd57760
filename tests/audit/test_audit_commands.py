"""The audit log on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linker.audit import AuditLog, open_audit
from linker.config import load_config
from tests.audit.logs import Met, disarm, execute, lookup, write_config
from tests.jobs.running import run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The configuration of a log with three lookups, which met a silent investigation."""
    path = write_config(tmp_path)
    with open_audit(load_config(path)) as log:
        log.record_many([lookup(1), lookup(2)])
        log.raise_alerts(lookup(2), [Met()])
    return path


def opened(path: Path) -> AuditLog:
    return open_audit(load_config(path))


def test_a_sound_log(path: Path) -> None:
    """Verifying says how many events there are and how the log ends, and records nothing."""
    done = run("audit", "verify", "--config", path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("3 events, none changed, missing or out of order; the last is 3:")
    found = run("audit", "verify", "--config", path, "--json").json
    assert (found["sound"], found["events"], found["findings"]) == (True, 3, [])
    anchor = f"{found['last']}:{found['last_hash']}"
    assert done.out.strip().endswith(anchor)
    assert run("audit", "verify", "--config", path, "--anchor", anchor).code == 0


def test_a_log_that_was_changed(path: Path) -> None:
    """Verifying a log that was changed exits with 2 and one line that names the event."""
    with opened(path) as log:
        disarm(log)
        execute(log, "UPDATE events SET purpose = 'x' WHERE sequence < 3")
    done = run("audit", "verify", "--config", path)
    assert done.refused("the audit log does not verify: event 1 was changed (2 findings in all")
    done = run("audit", "verify", "--config", path, "--json")
    assert done.code == 2
    assert [row["sequence"] for row in json.loads(done.out)["findings"]] == [1, 2]


def test_triggers_that_are_gone(path: Path) -> None:
    """A log without its triggers is sound, and said to be unguarded."""
    with opened(path) as log:
        disarm(log)
    done = run("audit", "verify", "--config", path)
    assert done.code == 0
    assert "5 triggers that refuse changes are gone" in done.out


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        ("3", "write SEQUENCE:HASH"),
        ("3:abc", "write SEQUENCE:HASH"),
        (f"4:{'0' * 64}", "event 4 is missing, of which the anchor tells"),
        (f"2:{'0' * 64}", "event 2 is another one than the anchor tells of"),
    ],
)
def test_an_anchor_that_does_not_hold(path: Path, anchor: str, said: str) -> None:
    """An anchor that cannot be read, or that the log does not bear out, is one line."""
    assert run("audit", "verify", "--config", path, "--anchor", anchor).refused(said)


def test_an_export_and_its_verification(path: Path, tmp_path: Path) -> None:
    """An export is verified as a file, is an event itself, and is not in itself."""
    out = tmp_path / "audit.jsonl"
    done = run("audit", "export", "--config", path, "--out", out)
    assert done.out == f"3 events written to {out}\n"
    assert run("audit", "verify", "--config", path, "--file", out).out.startswith("3 events, ")
    again = run("audit", "export", "--config", path, "--out", out, "--json").json
    assert again == {"events": 4, "out": str(out)}
    last = json.loads(out.read_text("utf-8").splitlines()[-1])
    assert (last["kind"], last["shown"]["counts"], last["how"]) == (
        "export",
        {"events": 3},
        "command",
    )
    out.write_text(out.read_text("utf-8").replace("C-1", "C-9"), "utf-8")
    assert run("audit", "verify", "--config", path, "--file", out).refused("event 1 was changed")


def test_events_are_listed(path: Path) -> None:
    """Events are listed a line each, newest first; what is looked for is compared by its hash."""
    done = run("audit", "list", "--config", path, "--asked", "full_name=ESPERANZA quinones")
    assert done.code == 0
    lines = done.out.splitlines()
    assert "lookup by J. Vega; HSI, Laredo; case C-2; a load of people at the river" in lines[0]
    assert "; asked by full_name, phones; HIT; p2 pshared" in lines[0]
    assert lines[2] == "2 of 2 events"
    found = run("audit", "list", "--config", path, "--asked", "9565550101", "--json").json
    assert (found["matching"], len(found["events"])) == (2, 2)
    found = run("audit", "list", "--config", path, "--case", "C-1", "--limit", "1", "--json").json
    assert [event["sequence"] for event in found["events"]] == [1]


def test_reading_is_recorded(path: Path) -> None:
    """Who read the log, and by which words, is in the log; the value only as a hash."""
    run("audit", "list", "--config", path, "--asked", "full_name=Esperanza Quinones", "--who", "t1")
    run("audit", "alerts", "--config", path)
    with opened(path) as log:
        alerts, listed = log.read(limit=2)
        assert log.verify().sound
    assert (alerts["kind"], listed["kind"]) == ("alerts_read", "audit_read")
    assert listed["detail"] == "who t1, asked_as full_name"
    assert list(listed["asked"]) == ["full_name"]
    assert listed["subject"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "--since", "soon"], "since: not a date such as 2026-03-01"),
        (["list", "--asked", "name_of_dog=Rex"], "--asked: write FIELD=VALUE with a canonical"),
        (["list", "--asked", "surname=-"], "neither a letter nor a digit"),
        (["export", "--out", "audit.txt"], "name a file that ends in .jsonl, .csv or .parquet"),
        (["verify", "--file", "nothing.jsonl"], "nothing.jsonl: cannot be read: no such file"),
        (["alerts", "--unit", "Laredo"], "--agency: is needed with --unit"),
    ],
)
def test_words_that_do_not_fit(path: Path, words: list[str], said: str) -> None:
    """What cannot be read is one line, and nothing is recorded."""
    assert run("audit", words[0], "--config", path, *words[1:]).refused(said)
    with opened(path) as log:
        assert log.count() == 3


def test_alerts_are_listed(path: Path) -> None:
    """Alerts say which case was met, how often and by whom; of one unit where it is named."""
    done = run("audit", "alerts", "--config", path)
    assert "PROBABLE p1, case S-1 of DEA, El Paso: asked for once by J. Vega of HSI" in done.out
    mine = run(
        "audit", "alerts", "--config", path, "--agency", "dea", "--unit", "el paso", "--json"
    )
    assert [row["case_id"] for row in mine.json["alerts"]] == ["S-1"]
    other = run("audit", "alerts", "--config", path, "--agency", "HSI", "--unit", "Laredo", "--all")
    assert other.out == "no alerts\n"
