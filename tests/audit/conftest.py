"""What tests of the audit log share."""

from tests.audit.logs import (
    config,
    config_path,
    log,
    postgres_log,
    server,
    sqlite_config,
    sqlite_log,
)

__all__ = ["config", "config_path", "log", "postgres_log", "server", "sqlite_config", "sqlite_log"]
