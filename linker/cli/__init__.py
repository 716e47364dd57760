"""The command line: doors without logic. Exit code 0 on success, 2 on a usage or data error."""

from linker.cli.access import add_access_verbs
from linker.cli.audit import add_audit_verbs
from linker.cli.main import main
from linker.cli.review import add_review_verbs
from linker.cli.serve import add_serve_verbs
from linker.cli.store import add_store_verbs
from linker.cli.verbs import commands

add_store_verbs(commands)
add_review_verbs(commands)
add_access_verbs(commands)
add_audit_verbs(commands)
add_serve_verbs(commands)

__all__ = ["commands", "main"]
