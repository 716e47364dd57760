"""The lookup index: what of a generation is mapped so that one question costs what it touches.

Most of it is there already: a segment's sorted keys (`linker.blocking.index`), its mentions packed
as the model compares them (`linker.scoring.features`) and its facts. Beside these lie

segments/<n>/features/logs.npy   logarithms of the model's term frequencies, by code
lookup/by_entity.npy             the living mentions, entity by entity
lookup/starts.npy                by serial number of an entity, where its mentions start there
lookup/guard.npy                 by mention, how guarded its investigation is (`guards`)

All files are mapped and never changed, so every process of a machine shares one copy of them.
"""
