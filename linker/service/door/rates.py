"""How often each asker may ask, counted over all workers together.

What is remembered of an asker is one number, the time at which all that was asked so far would
have been paid for at the allowed rate (the generic cell rate algorithm): a request is too early
where that lies more than a burst ahead. The numbers are kept in a small file that every worker has
mapped, by a hash of the asker's token id, and are worth nothing once their time has passed. Two
workers that count in the very same instant may count one request for two, which is no matter.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from pathlib import Path
from typing import Final

SLOTS: Final = 8_192
PROBED: Final = 16
"""An asker is kept in one of so many slots; were all of them busy, another one is forgotten."""
_SLOT: Final = struct.Struct("=Qd")


def make_rates(path: Path) -> None:
    """Make the file that workers share; whoever starts them does so once."""
    path.write_bytes(bytes(SLOTS * _SLOT.size))


class Rates:
    """The askers of all workers, and when each may ask again.

    Attributes:
        interval: Seconds between two requests at the allowed rate.
        ahead: How far an asker may be ahead of that rate, in seconds.
    """

    def __init__(self, path: Path, *, per_minute: int, burst: int) -> None:
        """Map the shared file.

        Args:
            path: What `make_rates` made.
            per_minute: Requests of one asker, on average.
            burst: Requests of one asker at once.
        """
        self.interval = 60.0 / per_minute
        self.ahead = self.interval * burst
        with path.open("r+b") as file:
            self._slots = mmap.mmap(file.fileno(), SLOTS * _SLOT.size)

    def wait(self, asker: str, now: float, requests: int = 1) -> float:
        """Count requests of an asker, or say in how many seconds they would not be too many.

        Args:
            asker: An id.
            now: By the clock that all processes of a machine have in common, `time.monotonic`.
            requests: How many at once; more than a burst counts as a burst.

        Returns:
            0 where they were counted; otherwise nothing was.
        """
        key = int.from_bytes(hashlib.blake2b(asker.encode(), digest_size=8).digest(), "little")
        place, paid = self._find(key, now)
        cost = min(self.interval * requests, self.ahead)
        paid = max(paid, now) + cost
        too_early = paid - now - self.ahead
        if too_early > 1e-9:  # noqa: PLR2004 - sums of floats
            return too_early
        _SLOT.pack_into(self._slots, place, key, paid)
        return 0.0

    def close(self) -> None:
        """Let go of the shared file."""
        self._slots.close()

    def _find(self, key: int, now: float) -> tuple[int, float]:
        """Return the place of an asker, and until when it has paid."""
        soonest, free = 0, float("inf")
        for step in range(PROBED):
            place = (key + step) % SLOTS * _SLOT.size
            other, paid = _SLOT.unpack_from(self._slots, place)
            if other == key:
                return place, paid
            if paid < free:
                soonest, free = place, paid
        return soonest, now
