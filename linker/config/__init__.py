"""The typed configuration: what is linked, how, and with which model."""

from linker.config.levels import LevelSettings
from linker.config.load import load_config
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
    "BlockingRule",
    "ComparisonRole",
    "ComparisonSettings",
    "Config",
    "EntitySettings",
    "GateSettings",
    "LevelSettings",
    "LinkSettings",
    "Source",
    "StoreSettings",
    "TrainingSettings",
    "load_config",
]
