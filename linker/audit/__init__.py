"""What is remembered of who asked what and was shown what, so that it can be proved later."""

from linker.audit.event import NOBODY, EntityShown, Event, Kind, Shown, Who
from linker.audit.log import AuditLog, open_audit
from linker.audit.search import Wanted
from linker.audit.verify import Anchor, Finding, Verified, verify_file

__all__ = [
    "NOBODY",
    "Anchor",
    "AuditLog",
    "EntityShown",
    "Event",
    "Finding",
    "Kind",
    "Shown",
    "Verified",
    "Wanted",
    "Who",
    "open_audit",
    "verify_file",
]
