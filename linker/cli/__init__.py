"""The command line: doors without logic. Exit code 0 on success, 2 on a usage or data error."""

from linker.cli.access import add_access_verbs
from linker.cli.audit import add_audit_verbs
from linker.cli.drift import add_drift_verbs
from linker.cli.judging import add_judging_verbs
from linker.cli.main import main
from linker.cli.models import add_models_verbs
from linker.cli.review import add_review_verbs
from linker.cli.serve import add_serve_verbs
from linker.cli.store import add_store_verbs
from linker.cli.tuning import add_tuning_verbs
from linker.cli.verbs import commands

add_store_verbs(commands)
add_review_verbs(commands)
add_access_verbs(commands)
add_audit_verbs(commands)
add_serve_verbs(commands)
add_models_verbs(commands)
add_judging_verbs(commands)
add_drift_verbs(commands)
add_tuning_verbs(commands)

__all__ = ["commands", "main"]
