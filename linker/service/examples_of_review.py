"""Examples of pairs and verdicts for the description of the service; their people are invented."""

from __future__ import annotations

from typing import Any, Final

_OPEN: Final[dict[str, Any]] = {
    "number": 17,
    "entity_type": "person",
    "left": {
        "source": "arrests",
        "record_id": "a09",
        "values": {"full_name": "Esperanza Quintanilla", "birth_date": "1984-03-17"},
    },
    "right": {
        "source": "cases",
        "record_id": "k01",
        "values": {
            "full_name": "Esperanza Quintanilla Robledo",
            "birth_date": "1984-03-17",
            "phones": ["956-555-0177"],
        },
    },
    "differences": {"full_name": "alike", "birth_date": "equal", "phones": "one_missing"},
    "context": {
        "sources": ["arrests", "cases"],
        "kinds": ["arrest", "case"],
        "agencies": ["HSI", "HSI"],
        "units": [None, "Laredo"],
        "dates": [{"arrested_on": "2024-11-02"}, {"opened": "2025-01-10"}],
    },
    "decided_by_me": None,
    "final": None,
    "part": None,
    "match_weight": None,
    "match_probability": None,
    "prior_weight": None,
    "summary": None,
    "evidence": None,
}
_SHOWN: Final[dict[str, Any]] = {
    **_OPEN,
    "decided_by_me": "match",
    "final": "match",
    "part": "threshold",
    "match_weight": 9.4,
    "match_probability": 0.998521,
    "prior_weight": -12.4,
    "summary": "The comparisons speak with 21.8 bits for one person.",
    "evidence": [
        {
            "comparison": "birth_date",
            "side": "for",
            "weight": 9.1,
            "words": "Birth date: both records give the same day of birth.",
        }
    ],
}
QUEUE: Final[dict[str, Any]] = {
    "reviewers": 2,
    "entity_types": {
        "person": {
            "open": 182,
            "decided": 18,
            "by_me": 11,
            "parts": {"threshold": {"open": 70, "decided": 8}, "blind": {"open": 30, "decided": 2}},
            "agreement": {
                "decided": 18,
                "pairs": 20,
                "agreed": 18,
                "percent": 90.0,
                "kappa": 0.79,
                "blind": {
                    "pairs": 32,
                    "decided": 2,
                    "unsure": 0,
                    "precision": None,
                    "recall": None,
                },
            },
        }
    },
}
NEXT: Final[dict[str, Any]] = {
    "pair": {"summary": "A pair, before it is decided", "value": {"pair": _OPEN}},
    "none": {"summary": "None is left for the asker", "value": {"pair": None}},
}
PAIRS: Final[dict[str, Any]] = {
    "open": {"summary": "Before the asker has decided", "value": _OPEN},
    "decided": {"summary": "After the asker has decided", "value": _SHOWN},
}
VERDICTS: Final[dict[str, Any]] = {
    "match": {
        "summary": "They are one",
        "value": {"verdict": "match", "reason": "same birth date, and the family name is rare"},
    },
    "unsure": {"summary": "It cannot be told", "value": {"verdict": "unsure"}},
}
DECISIONS: Final[dict[str, Any]] = {
    "closed": {
        "summary": "The pair is decided",
        "value": {
            "number": 17,
            "verdict": "match",
            "recorded": True,
            "final": "match",
            "decision": 41,
        },
    },
    "open": {
        "summary": "Another reviewer has to look at it",
        "value": {
            "number": 17,
            "verdict": "match",
            "recorded": True,
            "final": None,
            "decision": None,
        },
    },
}
