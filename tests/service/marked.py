"""The small world with words planted where nobody but the owners may ever read them."""

from __future__ import annotations

from tests.jobs.world import CALL, COMPANION, OPEN, POINTED, SHY, Row, usual_rows

SILENT_MARKS = {
    "unit": "Zyxunit",
    "case": "ZYXSILENTCASE",
    "agent": "Zyxagent Silentia",
    "agent_phone": "203-555-0188",
    "street": "4711 Zyxstreet",
    "town": "Zyxtown",
    "phone": "956-555-0188",
    "plate": "ZYX4711",
}
"""What a silent case says: of it a requester reads nothing at all."""
POINTED_MARKS = {
    "case": "QWVPOINTERCASE",
    "street": "815 Qwvstreet",
    "town": "Qwvtown",
    "phone": "956-555-0199",
    "plate": "QWV0815",
    "opened": "2019-07-23",
}
"""What a pointer-only case says beside whom to call."""
MARKS = (
    *("zyx", "silentia", "2035550188", "203-555-0188", "9565550188", "956-555-0188"),
    *("qwv", "9565550199", "956-555-0199", "2019-07-23", "silentrecord", "pointerrecord"),
)
"""By these a planted word is known, in lower case, however it was standardised."""
OF_POINTED_UNIT = {"agency": "HSI", "unit": "Laredo"}


def marked_rows() -> dict[str, list[Row]]:
    """The rows of the small world, two cases of which have planted words."""
    rows = usual_rows()
    for row in rows["cases"]:
        if row["id"] == "k04":  # silent
            row.update(SILENT_MARKS, id="silentrecord-k04")
        if row["id"] == "k05":  # another record of the silent case
            row.update(case=SILENT_MARKS["case"], unit=SILENT_MARKS["unit"])
        if row["id"] == "k06":  # pointer-only
            row.update(POINTED_MARKS, id="pointerrecord-k06")
    return rows


__all__ = ["CALL", "COMPANION", "MARKS", "OPEN", "POINTED", "SHY", "marked_rows"]
