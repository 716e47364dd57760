"""Alerts: who is told that somebody met a silent investigation."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace

import pytest

from linker.audit import AuditLog, Wanted
from linker.audit import alerts as alerting
from linker.deconfliction.disclose import Viewer
from tests.audit.logs import LUND, VEGA, Met, lookup

OWNER = Viewer("owner", "DEA", "El Paso")


def test_the_owner_is_told(log: AuditLog) -> None:
    """An alert says which case was met, how surely, by whom, what for, and when."""
    (number,) = log.raise_alerts(lookup(), [Met()])
    (alert,) = log.alerts_for(OWNER)
    assert alert.pop("at") == alert.pop("last_at")
    assert alert == {
        "id": number,
        "times": 1,
        "agency": "DEA",
        "unit": "El Paso",
        "case_id": "S-1",
        "entity_id": "p1",
        "tier": "PROBABLE",
        "asked_by": "t1",
        "asked_name": "J. Vega",
        "asked_agency": "HSI",
        "asked_unit": "Laredo",
        "purpose": "a load of people at the river",
        "case_number": "C-1",
        "generation": 3,
        "seen_at": None,
        "seen_by": None,
    }


def test_every_meeting_is_in_the_log(log: AuditLog) -> None:
    """Each alert that is raised is an event, which names case, owner and entity."""
    log.raise_alerts(lookup(), [Met(), Met(case_id=None, agency=None, unit=None)])
    log.raise_alerts(lookup(), [])
    one, other = log.read(Wanted(kind="alert", entity_id="p1"))
    assert other["detail"] == "case S-1 of DEA, El Paso"
    assert one["detail"] == "case without a number of no agency"
    assert (one["subject"], one["purpose"]) == ("t1", "a load of people at the river")
    assert log.verify().sound


TOLD = [
    (OWNER, True),
    (Viewer("reviewer", "dea ", "EL PASO"), True),
    (Viewer("manager", "DEA", "El Paso"), True),
    (Viewer("manager", "HSI", "Laredo"), True),
    (Viewer("requester", "DEA", "El Paso"), False),
    (Viewer("auditor", "DEA", "El Paso"), False),
    (Viewer("owner", "DEA", "Laredo"), False),
    (Viewer("owner", "DEA", None), False),
    (Viewer("owner", None, None), False),
    (Viewer("owner", "HSI", "El Paso"), False),
]


def test_who_is_told(log: AuditLog) -> None:
    """Only those who answer for the unit are told, and managers."""
    log.raise_alerts(lookup(), [Met()])
    assert [bool(log.alerts_for(viewer)) for viewer, _ in TOLD] == [told for _, told in TOLD]


def test_the_same_again_counts_up(log: AuditLog) -> None:
    """One asker who meets one case again is one alert; another asker, case or entity another."""
    first = log.raise_alerts(lookup(1), [Met()])
    assert log.raise_alerts(lookup(2), [Met(tier="CONFIRMED")]) == first
    assert log.raise_alerts(lookup(3), [Met(), Met()]) == first * 2
    (alert,) = log.alerts_for(OWNER)
    assert (alert["times"], alert["tier"], alert["case_number"]) == (4, "PROBABLE", "C-1")
    assert alert["last_at"] > alert["at"]
    log.raise_alerts(lookup(1, LUND), [Met()])
    log.raise_alerts(lookup(1), [Met(case_id="S-2"), Met(case_id=None), Met(entity_id="p2")])
    assert [row["times"] for row in log.alerts_for(OWNER)] == [1, 1, 1, 1, 4]


def test_a_day_later_it_is_another(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is met a day after the alert began is another alert."""
    first = log.raise_alerts(lookup(), [Met()])
    monkeypatch.setattr(alerting, "ONE_ALERT", dt.timedelta(0))
    assert log.raise_alerts(lookup(), [Met()]) != first


def test_what_was_seen_is_over(log: AuditLog) -> None:
    """An alert that was seen is listed no more unless asked for, and the next is another."""
    first = log.raise_alerts(lookup(), [Met()])
    assert log.mark_seen(first, LUND, OWNER) == 1
    assert log.mark_seen(first, LUND, OWNER) == 0
    assert log.alerts_for(OWNER) == []
    (alert,) = log.alerts_for(OWNER, seen=True)
    assert (alert["seen_by"], alert["seen_at"] >= alert["at"]) == ("K. Lund", True)
    (event,) = log.read(Wanted(kind="alerts_seen"))
    assert (event["subject"], event["detail"]) == ("t2", f"alerts {first[0]}")
    assert log.raise_alerts(lookup(), [Met()]) != first
    assert len(log.alerts_for(OWNER, seen=True)) == 2


def test_who_may_see_to_an_alert(log: AuditLog) -> None:
    """Only the owner's unit closes an alert; what nobody owns a manager does."""
    owned = log.raise_alerts(lookup(), [Met()])
    others = Viewer("owner", "HSI", "Laredo")
    manager = Viewer("manager", "HSI", "Laredo")
    nobodys = log.raise_alerts(lookup(), [Met(agency=None, unit=None)])
    assert log.mark_seen(owned + nobodys, VEGA, others) == 0
    assert log.mark_seen(owned + nobodys, VEGA, manager) == 1
    assert [row["id"] for row in log.alerts_for(manager)] == owned
    assert log.mark_seen([], VEGA, manager) == log.mark_seen([999], VEGA, manager) == 0
    assert log.count(Wanted(kind="alerts_seen")) == 1


def test_the_latest_first_and_some_at_a_time(log: AuditLog) -> None:
    """Alerts come latest first, as many as are asked for."""
    for number in range(5):
        log.raise_alerts(lookup(number), [Met(case_id=f"S-{number}")])
    log.raise_alerts(lookup(), [Met(case_id="S-1")])
    cases = [row["case_id"] for row in log.alerts_for(OWNER, limit=3)]
    assert cases == ["S-1", "S-4", "S-3"]
    assert len(log.alerts_for(OWNER, limit=3, offset=3)) == 2


def test_those_who_meet_it_at_once(log: AuditLog) -> None:
    """Alerts that are raised at once, while others are seen to, count every meeting."""
    begun = log.raise_alerts(lookup(), [Met()])

    def meet() -> None:
        for _ in range(5):
            log.raise_alerts(lookup(), [Met()])

    def see() -> None:
        for number in range(5):
            log.mark_seen([begun[0] + number], LUND, OWNER)

    threads = [threading.Thread(target=work) for work in (meet, meet, see)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(row["times"] for row in log.alerts_for(OWNER, seen=True)) == 11
    assert log.verify().sound


def test_texts_that_no_database_takes(log: AuditLog) -> None:
    """Whatever a purpose or a case holds, its alert is raised; no number is too large to see."""
    awful = "a\0\ud800" + "x" * 100_000
    asked = replace(lookup(), purpose=awful, case_number=awful, who=replace(VEGA, name=awful))
    met = Met(case_id=awful, entity_id=awful, tier="POSSIBLE")
    assert log.raise_alerts(asked, [met]) == log.raise_alerts(asked, [met])
    (alert,) = log.alerts_for(OWNER, offset=0, limit=10**30)
    assert alert["purpose"][:3] == "a��"
    assert log.alerts_for(OWNER, offset=10**30) == []
    assert log.mark_seen([10**30, -1, 0], LUND, OWNER) == 0
    assert log.mark_seen([alert["id"]], replace(LUND, name=awful), OWNER) == 1
