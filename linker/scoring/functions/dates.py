"""Dates and small numbers compared: a date is its eight digits yyyymmdd, four bits each.

So 1970-08-03 is ``0x19700803``. A day's year, month, day and every digit are then read by a shift
and a mask, and most questions about two dates are asked of their bits that differ. Dates are those
of the years 1 to 9999, as int32, of which those from 8000 on are negative. Every comparison is
false where a side is null.
"""

from __future__ import annotations

import numpy as np

from linker.compiled import compiled, compiled_once
from linker.scoring.functions.bits import Bytes, address
from linker.scoring.functions.text import READABLE, damerau_levenshtein_within

Int32s = np.ndarray[tuple[int], np.dtype[np.int32]]
Digits = np.int32 | int
"""A date as eight digits of four bits."""

NO_DATE = np.int32(-(2**31))
"""What stands for a null among dates and among int32 numbers; no date has these bits."""

U = np.uint64  # divided by a constant three times faster than what may be negative

DASH = 10
"""What stands for the dash between the digits of a date."""

MONTH_DAY = 0xFFFF
"""The digits of month and day."""
DAY = 0xFF
"""The digits of the day."""
YEAR = 0xFFFF0000
"""The digits of the year."""
LOWEST = 0x11111111
"""The lowest bit of each digit."""
NO_DASH_ABOVE = 0x01110101
"""The lowest bits of the digits that have another digit of the same number before them."""


@compiled
def differing(left: Digits, right: Digits) -> int:
    """Return the bits in which two dates differ, as a number that is never negative."""
    return (int(left) ^ int(right)) & 0xFFFFFFFF


@compiled
def days_of(date: Digits) -> int:
    """Return the days of a date since 0000-03-01.

    This is `days_from_civil` of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
    (2013, public domain): years begin in March, so that the leap day is the last.
    """
    year, month, day = civil(date)
    march = month - 3 if month > 2 else month + 9
    year -= month <= 2
    day_of_year = (153 * march + 2) // 5 + day - 1
    return year * 365 + year // 4 - year // 100 + year // 400 + day_of_year


@compiled
def digits_of(days: np.int32 | int) -> np.int32 | int:
    """Return a date as eight digits, from its days since 1970-01-01; null remains null.

    This is `civil_from_days` of the same: years repeat every 400 years, an era of 146097 days.
    """
    if days == NO_DATE:
        return NO_DATE
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
    year = int(year_of_era) + int(era) * 400 + (month <= 2)
    century = _bits(year // 100) << 24 | _bits(year % 100) << 16
    return np.int32(century | _bits(month) << 8 | _bits(day))


@compiled
def _bits(number: int) -> int:
    """Return a number of two digits with four bits for each."""
    return number // 10 << 4 | number % 10


@compiled_once
def every_digits_of(days: Int32s) -> Int32s:
    """Return an array of days since 1970-01-01 as dates of eight digits."""
    digits = np.empty(len(days), np.int32)
    for place in range(len(days)):
        digits[place] = digits_of(days[place])
    return digits


@compiled_once
def every_day_of(digits: Int32s) -> Int32s:
    """Return an array of dates of eight digits as days since 1970-01-01; null remains null."""
    days = np.empty(len(digits), np.int32)
    for place in range(len(digits)):
        found = digits[place]
        days[place] = NO_DATE if found == NO_DATE else days_of(found) - 719_468
    return days


@compiled
def civil(date: Digits) -> tuple[int, int, int]:
    """Return year, month and day of a date."""
    bits = int(date) & 0xFFFFFFFF
    return _two(bits >> 24) * 100 + _two(bits >> 16), _two(bits >> 8), _two(bits)


@compiled
def _two(bits: int) -> int:
    return (bits >> 4 & 15) * 10 + (bits & 15)


@compiled
def day_month_swapped(left: Digits, right: Digits) -> bool:
    """Say whether the year is the same, and each one's day the other's month."""
    if left == NO_DATE or right == NO_DATE or differing(left, right) & YEAR:
        return False
    one, other = int(left) & MONTH_DAY, int(right) & MONTH_DAY
    return (one >> 8) == (other & 0xFF) and (one & 0xFF) == (other >> 8)


@compiled
def same_month_day(left: Digits, right: Digits) -> bool:
    """Say whether month and day are the same, whatever the year."""
    if left == NO_DATE or right == NO_DATE:
        return False
    return differing(left, right) & MONTH_DAY == 0


@compiled
def same_day(left: Digits, right: Digits) -> bool:
    """Say whether the day of the month is the same, whatever month and year."""
    if left == NO_DATE or right == NO_DATE:
        return False
    return differing(left, right) & DAY == 0


@compiled
def same_year(left: Digits, right: Digits) -> bool:
    """Say whether the year is the same."""
    if left == NO_DATE or right == NO_DATE:
        return False
    return differing(left, right) & YEAR == 0


@compiled
def within_days(left: Digits, right: Digits, days: float) -> bool:
    """Say whether the dates are at most so many days apart."""
    if left == NO_DATE or right == NO_DATE:
        return False
    return abs(days_of(left) - days_of(right)) <= days


@compiled
def near(left: Digits, right: Digits, at_most: float) -> bool:
    """Say whether two int32 numbers are at most `at_most` apart."""
    if left == NO_DATE or right == NO_DATE:
        return False
    return _difference(left, right) <= at_most


@compiled
def near_within(left: Digits, right: Digits, at_most: int, one: Digits, other: Digits) -> bool:
    """Say whether two int32 numbers are at most `at_most` and their own margins apart.

    Args:
        left: A number.
        right: Another.
        at_most: How far apart they may be anyway.
        one: By how much `left` may be wrong; null counts as 0.
        other: By how much `right` may be wrong.
    """
    margin = at_most + (0 if one == NO_DATE else int(one))
    margin += 0 if other == NO_DATE else int(other)
    return near(left, right, margin)


@compiled
def date_keystrokes_within(left: Digits, right: Digits, at_most: int) -> bool:
    """Say whether the dates written yyyy-mm-dd are at most so many keystrokes apart.

    That is the unrestricted Damerau-Levenshtein distance, as of texts.
    """
    if left == NO_DATE or right == NO_DATE or at_most < 0:
        return False
    bits = differing(left, right)
    digits = (bits | bits >> 1 | bits >> 2 | bits >> 3) & LOWEST
    others = digits & (digits - 1)
    if others == 0:
        return at_most > 0 or digits == 0  # one digit at most
    if at_most == 0:
        return False
    if at_most == 1:
        return _exchanged(int(left), int(right), digits)
    year_l, month_l, day_l = civil(left)
    year_r, month_r, day_r = civil(right)
    if at_most > 2:
        return _texts_within(_iso(year_l, month_l, day_l), _iso(year_r, month_r, day_r), at_most)
    # A text can be made another with two edits only within year, month and day: what passes a
    # dash must put the dash back, and that alone is a deletion and an insertion.
    apart = _two_digits_apart(month_l, month_r) + _two_digits_apart(day_l, day_r)
    return apart <= at_most and _years_within(year_l, year_r, at_most - apart)


@compiled
def _exchanged(left: int, right: int, digits: int) -> bool:
    """Say whether two dates differ in nothing but two neighbouring digits that changed places.

    Args:
        left: A date.
        right: Another.
        digits: The lowest bit of each digit in which they differ.
    """
    low = digits & -digits
    if low & NO_DASH_ABOVE == 0 or digits != low | low << 4:
        return False
    digit = low * 15
    return (left ^ right >> 4) & digit == 0 and (right ^ left >> 4) & digit == 0


@compiled
def _difference(left: Digits, right: Digits) -> int:
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
