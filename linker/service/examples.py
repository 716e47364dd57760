"""Examples of bodies and answers for the description of the service; their people are invented."""

from __future__ import annotations

from typing import Any, Final

PURPOSE: Final = "opening of a case"
CASE: Final = "HSI-LRD-2026-0413"

PERSON: Final[dict[str, Any]] = {
    "entity_type": "person",
    "fields": {
        "full_name": "Esperanza Quintanilla Robledo",
        "birth_date": "1984-03-17",
        "phones": ["956-555-0177"],
    },
}
ORGANIZATION: Final[dict[str, Any]] = {
    "entity_type": "organization",
    "fields": {"name": "Transportes Quetzal", "tax_id": "TQU010101AB?"},
    "until": "2026-03-01",
}
WHY: Final = {"purpose": PURPOSE, "case_number": CASE}

LOOKUPS: Final[dict[str, Any]] = {
    "person": {"summary": "A person", "value": {**PERSON, **WHY}},
    "organization": {
        "summary": "An organization, as of an earlier day",
        "value": {**ORGANIZATION, **WHY},
    },
    "partial": {
        "summary": "Little is known",
        "value": {
            "entity_type": "person",
            "fields": {"surname": "Quintanilla", "age": "40-45", "plates": ["KTX9*"]},
            **WHY,
        },
    },
}
BULKS: Final[dict[str, Any]] = {
    "two": {"summary": "Two targets", "value": {"queries": [PERSON, ORGANIZATION], **WHY}}
}
EXPLANATIONS: Final[dict[str, Any]] = {
    "record": {
        "summary": "Why does this record not match?",
        "value": {"question": PERSON, "source": "cases", "record_id": "k01", **WHY},
    }
}

INVESTIGATION: Final[dict[str, Any]] = {
    "class": "SIMULTANEOUS",
    "agency": "HSI",
    "unit": "Laredo",
    "contact_name": "Dana Whitfield",
    "contact_phone": "203-555-0134",
    "contact_email": None,
    "sensitivity": "open",
    "office": None,
    "case_id": "H-1",
    "status": "open",
    "opened": "2025-01-10",
    "closed": None,
    "other_kind": "case",
    "source": "cases",
    "record_id": "k01",
}
EVIDENCE: Final[dict[str, Any]] = {
    "comparison": "birth_date",
    "side": "for",
    "level": "the same day",
    "place": 1,
    "weight": 9.1,
    "term_frequency_weight": 0.0,
    "words": "Birth date: both records give the same day of birth.",
}
_SEARCHED: Final[dict[str, Any]] = {
    "generation": 12,
    "entities_of": 12,
    "published": "2026-06-30T02:00:05+00:00",
    "as_of": "2026-06-30",
    "model": "person/1",
    "sources": [{"name": "cases", "kind": "case", "as_of": "2026-06-30", "mentions": 38}],
    "mentions": 42,
    "rules_tried": ["name_and_birth_date", "phone"],
    "not_searched": [],
    "advice": [],
}
HIT: Final[dict[str, Any]] = {
    "entity_type": "person",
    "outcome": "HIT",
    "hits": [
        {
            "entity_id": "p0123456789abc",
            "tier": "PROBABLE",
            "match_weight": 17.3,
            "match_probability": 0.999994,
            "records": 4,
            "best_source": "cases",
            "best_record_id": "k01",
            "prior_weight": -12.4,
            "matched_on": ["name", "birth_date"],
            "summary": "The comparisons speak with 29.7 bits for one person.",
            "evidence": [EVIDENCE],
            "investigations": [INVESTIGATION],
        }
    ],
    "matching_entities": 1,
    "shared": [],
    "sharing_entities": 0,
    **_SEARCHED,
    "candidates": 4,
    "nearest_miss": None,
    "missed": None,
}
NO_HIT: Final[dict[str, Any]] = {
    **HIT,
    "outcome": "NO_HIT",
    "hits": [],
    "matching_entities": 0,
    "candidates": 1,
    "nearest_miss": {
        "match_weight": -3.0,
        "needed": 4.2,
        "agreed": ["surname"],
        "differed": ["birth_date"],
    },
    "missed": {
        "probability": 0.02,
        "basis": "of 2,000 targets asked for with a name and a birth date, 40 were not found",
    },
}
ANSWERS: Final[dict[str, Any]] = {
    "hit": {"summary": "Somebody investigates this target", "value": HIT},
    "no_hit": {"summary": "No matching record in these sources", "value": NO_HIT},
}
BULK: Final[dict[str, Any]] = {
    "results": [
        {"answer": HIT, "problem": None},
        {
            "answer": None,
            "problem": {
                "type": "urn:linker:problem:query",
                "title": "The question cannot be answered as it stands",
                "status": 400,
                "detail": "the query's birth date cannot be read: no such day",
            },
        },
    ]
}
ENTITY: Final[dict[str, Any]] = {
    "entity_id": "p0123456789abc",
    "entity_type": "person",
    "records_in_all": 1,
    "records": [
        {
            "source": "cases",
            "record_id": "k01",
            "kind": "case",
            "agency": "HSI",
            "unit": "Laredo",
            "sensitivity": "open",
            "values": None,
        }
    ],
    "investigations": [INVESTIGATION],
    "generation": 12,
    "as_of": "2026-06-30",
}
HISTORY: Final[dict[str, Any]] = {
    "entity_id": "p0123456789abc",
    "entity_type": "person",
    "now": "p0123456789abc",
    "events": [
        {
            "generation": 1,
            "run_at": "2026-03-01T02:00:05+00:00",
            "entity_type": "person",
            "entity_id": "p0123456789abc",
            "event": "created",
            "other_entity_id": None,
            "records": 4,
            "model": "person/1",
            "reason": "linked",
        }
    ],
    "records": [
        {
            "source": "cases",
            "record_id": "k01",
            "since": 1,
            "until": None,
            "now": "p0123456789abc",
        }
    ],
    "generation": 12,
}
EXPLAINED: Final[dict[str, Any]] = {
    "entity_type": "person",
    "source": "cases",
    "record_id": "k01",
    "verdict": "NO_MATCH",
    "match_weight": -1.2,
    "match_probability": 0.3,
    "identity_weight": 11.2,
    "prior_weight": -12.4,
    "needed": {"review": 4.2, "link": 10.0, "identity": 3.0},
    "rules_met": ["name_sounds"],
    "summary": "The comparisons speak with 11.2 bits for one person and with 0.0 against it.",
    "evidence": [EVIDENCE],
    "would_change": [
        {
            "comparison": "birth_date",
            "reason": "another finding",
            "words": "the same birth date",
            "weight_after": 9.5,
            "verdict_after": "POSSIBLE",
        }
    ],
    "generation": 12,
    "model": "person/1",
}
STATUS: Final[dict[str, Any]] = {
    "generation": 12,
    "published": "2026-06-30T02:00:05+00:00",
    "age_hours": 3.2,
    "as_of": "2026-06-30",
    "models": {"person": "person/1"},
    "counts": {"person": {"mentions": 42, "entities": 31}},
    "sources": [
        {"name": "cases", "rows": 38, "mentions": 38, "quarantined": 0, "as_of": "2026-06-30"}
    ],
}
ALERTS: Final[dict[str, Any]] = {
    "alerts": [
        {
            "id": 7,
            "at": "2026-06-30T09:12:44.000000+00:00",
            "last_at": "2026-06-30T09:12:44.000000+00:00",
            "times": 1,
            "agency": "HSI",
            "unit": "Laredo",
            "case_id": "S-4",
            "entity_id": "p0123456789abc",
            "tier": "PROBABLE",
            "asked_by": "abcdefghjkmn",
            "asked_name": "A. Requester",
            "asked_agency": "DEA",
            "asked_unit": "Houston",
            "purpose": PURPOSE,
            "case_number": CASE,
            "generation": 12,
            "seen_at": None,
            "seen_by": None,
        }
    ]
}
EVENTS: Final[dict[str, Any]] = {
    "events": [
        {
            "sequence": 512,
            "at": "2026-06-30T09:12:44.000000+00:00",
            "kind": "lookup",
            "subject": "abcdefghjkmn",
            "name": "A. Requester",
            "how": "token",
            "token_id": "abcdefghjkmn",
            "role": "requester",
            "agency": "DEA",
            "unit": "Houston",
            "purpose": PURPOSE,
            "case_number": CASE,
            "entity_type": "person",
            "asked": {"full_name": ["5f1c0a4be1f7d4f2a1b0c9d8e7f60512"]},
            "shown": {"outcome": "NO_HIT", "entities": [], "counts": {"candidates": 1}},
            "generation": 12,
            "model": "person/1",
            "milliseconds": 3.1,
            "client": "127.0.0.1",
            "detail": None,
            "previous": 64 * "0",
            "hash": 64 * "1",
        }
    ],
    "total": 1,
}
