"""Who may ask: tokens and what they stand for, and the table of who may do what."""

from linker.access.gatekeeper import Gatekeeper
from linker.access.identity import Identity, Refusal
from linker.access.permissions import ACTS, ALLOWED, Act, may, require

__all__ = [
    "ACTS",
    "ALLOWED",
    "Act",
    "Gatekeeper",
    "Identity",
    "Refusal",
    "may",
    "require",
]
