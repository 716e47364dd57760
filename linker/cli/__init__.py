"""The command line: doors without logic. Exit code 0 on success, 2 on a usage or data error."""

from linker.cli.main import main
from linker.cli.review import add_review_verbs
from linker.cli.store import add_store_verbs
from linker.cli.verbs import commands

add_store_verbs(commands)
add_review_verbs(commands)

__all__ = ["commands", "main"]
