"""Features: mentions packed into whole numbers, the strings they stand for beside them.

Layout, version 2 (`FEATURES_VERSION`). A record is a row of 32-bit whole numbers in ``rows``; a
column takes one place or two of it (`linker.scoring.levels.sides.Slot`):

==========  ======================================================================================
text        the code of its string, -1 where missing
number      itself, `NOTHING` where missing
date        its eight digits yyyymmdd, four bits each, `NOTHING` where missing
list        where its codes start in ``lists``, and how many distinct ones there are, -1 where
            the list is missing
==========  ======================================================================================

A row begins with words of 31 bits, which say what the record has: a bit a column.

The string of code ``c`` is ``data[ends[c]:ends[c + 1]]``, UTF-8. Columns whose values are compared
with each other share codes, so that equal strings have equal codes; ``owner`` says which group of
columns a code belongs to. Codes are given once and never change: new records and strings are
appended.
"""
