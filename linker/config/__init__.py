"""The typed configuration: what is linked, how, and with which model."""

from linker.config.levels import LevelSettings
from linker.config.load import load_config
from linker.config.service import AuditSettings, OidcSettings, ServiceSettings
from linker.config.settings import (
    BlockingRule,
    ComparisonRole,
    ComparisonSettings,
    Config,
    EntitySettings,
    GateSettings,
    LinkSettings,
    Source,
    StoreSettings,
    TrainingSettings,
)

__all__ = [
    "AuditSettings",
    "BlockingRule",
    "ComparisonRole",
    "ComparisonSettings",
    "Config",
    "EntitySettings",
    "GateSettings",
    "LevelSettings",
    "LinkSettings",
    "OidcSettings",
    "ServiceSettings",
    "Source",
    "StoreSettings",
    "TrainingSettings",
    "load_config",
]
