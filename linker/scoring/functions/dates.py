"""Dates and small numbers compared: a date is the int32 of its days since 1970-01-01.

Dates are those of the years 1 to 9999. Every comparison is false where a side is null.
"""

from __future__ import annotations

import numpy as np

from linker.compiled import compiled
from linker.scoring.functions.bits import Bytes, address
from linker.scoring.functions.text import READABLE, damerau_levenshtein_within

Days = np.int32 | int

U = np.uint64  # divided by a constant three times faster than what may be negative

NO_DATE = np.int32(-(2**31))
"""What stands for a null among dates and among int32 numbers."""

DASH = 10
"""What stands for the dash between the digits of a date."""


@compiled
def civil(days: Days) -> tuple[int, int, int]:
    """Return year, month and day of a date.

    This is `civil_from_days` of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
    (2013, public domain): years begin in March, so that the leap day is the last, and repeat
    every 400 years, an era of 146097 days.
    """
    shifted = U(int(days) + 719_468)  # days since 0000-03-01, never negative here
    era = shifted // U(146_097)
    day_of_era = shifted - era * U(146_097)
    year_of_era = (
        day_of_era - day_of_era // U(1_460) + day_of_era // U(36_524) - day_of_era // U(146_096)
    ) // U(365)
    day_of_year = day_of_era - (U(365) * year_of_era + year_of_era // U(4) - year_of_era // U(100))
    month_from_march = (U(5) * day_of_year + U(2)) // U(153)
    day = int(day_of_year - (U(153) * month_from_march + U(2)) // U(5)) + 1
    march = int(month_from_march)
    month = march + 3 if march < 10 else march - 9
    return int(year_of_era) + int(era) * 400 + (month <= 2), month, day


@compiled
def day_month_swapped(left: Days, right: Days) -> bool:
    """Say whether the year is the same, and each one's day the other's month."""
    if left == NO_DATE or right == NO_DATE or _difference(left, right) > 365:
        return False
    year_l, month_l, day_l = civil(left)
    year_r, month_r, day_r = civil(right)
    return year_l == year_r and month_l == day_r and day_l == month_r


@compiled
def same_month_day(left: Days, right: Days) -> bool:
    """Say whether month and day are the same, whatever the year."""
    if left == NO_DATE or right == NO_DATE:
        return False
    _, month_l, day_l = civil(left)
    _, month_r, day_r = civil(right)
    return month_l == month_r and day_l == day_r


@compiled
def within_days(left: Days, right: Days, days: int) -> bool:
    """Say whether the dates are at most so many days apart."""
    if left == NO_DATE or right == NO_DATE:
        return False
    return _difference(left, right) <= days


@compiled
def near(left: Days, right: Days, at_most: float) -> bool:
    """Say whether two int32 numbers are at most `at_most` apart."""
    if left == NO_DATE or right == NO_DATE:
        return False
    return _difference(left, right) <= at_most


@compiled
def date_keystrokes_within(left: Days, right: Days, at_most: int) -> bool:
    """Say whether the dates written yyyy-mm-dd are at most so many keystrokes apart.

    That is the unrestricted Damerau-Levenshtein distance, as of texts.
    """
    if left == NO_DATE or right == NO_DATE or at_most < 0:
        return False
    year_l, month_l, day_l = civil(left)
    year_r, month_r, day_r = civil(right)
    if at_most > 2:
        return _texts_within(_iso(year_l, month_l, day_l), _iso(year_r, month_r, day_r), at_most)
    # A text can be made another with two edits only within year, month and day: what passes a
    # dash must put the dash back, and that alone is a deletion and an insertion.
    apart = _two_digits_apart(month_l, month_r) + _two_digits_apart(day_l, day_r)
    return apart <= at_most and _years_within(year_l, year_r, at_most - apart)


@compiled
def _difference(left: Days, right: Days) -> int:
    return abs(int(left) - int(right))


@compiled
def _two_digits_apart(left: int, right: int) -> int:
    """Return the distance between two numbers of two digits."""
    tens_l, ones_l, tens_r, ones_r = left // 10, left % 10, right // 10, right % 10
    apart = int(tens_l != tens_r) + int(ones_l != ones_r)
    return 1 if apart == 2 and tens_l == ones_r and ones_l == tens_r else apart


@compiled
def _years_within(left: int, right: int, at_most: int) -> bool:
    """Say whether two numbers of four digits are within at most 2 edits of each other."""
    if left == right:
        return True
    century_l, century_r = left // 100, right // 100
    decade_l, decade_r = left % 100, right % 100
    if _two_digits_apart(century_l, century_r) + _two_digits_apart(decade_l, decade_r) <= at_most:
        return True
    if at_most == 0:
        return False
    a, b, c, d = century_l // 10, century_l % 10, decade_l // 10, decade_l % 10
    w, x, y, z = century_r // 10, century_r % 10, decade_r // 10, decade_r % 10
    if b == y and c == x and 1 + (a != w) + (d != z) <= at_most:  # the middle exchanged
        return True
    if at_most == 1:
        return False
    # one digit deleted and one inserted: what lies between moves by one
    moved_left = (b == w) and (c == x) and (d == y or d == z)
    moved_right = (a == x) and (b == y) and (c == z or d == z)
    ends = a == w and ((c == x and d == y) or (b == y and c == z))
    return moved_left or moved_right or ends


@compiled
def _iso(year: int, month: int, day: int) -> Bytes:
    text = np.empty(READABLE, np.uint8)
    text[0], text[1] = year // 1000, year // 100 % 10
    text[2], text[3] = year // 10 % 10, year % 10
    text[4] = text[7] = DASH
    text[5], text[6] = month // 10, month % 10
    text[8], text[9] = day // 10, day % 10
    return text


@compiled
def _texts_within(left: Bytes, right: Bytes, at_most: int) -> bool:
    return damerau_levenshtein_within(address(left, 0), 10, address(right, 0), 10, at_most)


@compiled
def same_year(left: Days, right: Days) -> bool:
    """Say whether the year is the same."""
    if left == NO_DATE or right == NO_DATE:
        return False
    return civil(left)[0] == civil(right)[0]
