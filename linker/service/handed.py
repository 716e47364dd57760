"""What the first process hands to its workers, which are started without words: by environment."""

from __future__ import annotations

from typing import Final

CONFIG_VARIABLE: Final = "LINKER_SERVE_CONFIG"
"""Names the configuration's file."""
SHARED_VARIABLE: Final = "LINKER_SERVE_SHARED"
"""Names the temporary directory that the workers of one service share."""
NUMBERS_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Names the directory of their numbers; the library reads it when it is imported."""
TURN: Final = "turn"
"""The file in the shared directory whose lock says which worker writes into the log."""
RATES: Final = "rates"
"""The file in the shared directory that workers count askers in."""
