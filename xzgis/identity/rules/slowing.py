"""How long to wait after failed tries: a growing delay instead of a lock that others could turn.

Four counters. The *pair* of account and address grows without mercy. The *address* grows late, as many people may
share one. The *account* grows late and little: guesses from many addresses are slowed, and yet its owner gets in.
From a *device* in which the person signed in before only that device's own counter counts, so nobody can lock
others out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

FORGOTTEN_AFTER = timedelta(hours=1)


class Counter(StrEnum):
    """What failed tries are counted under."""

    PAIR = "pair"
    ADDRESS = "address"
    ACCOUNT = "account"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures are free, and the longest wait after them, seconds."""

    free: int
    longest_s: int


PATIENCE = {
    Counter.PAIR: Patience(free=5, longest_s=1800),
    Counter.ADDRESS: Patience(free=50, longest_s=300),
    Counter.ACCOUNT: Patience(free=20, longest_s=30),
    Counter.DEVICE: Patience(free=10, longest_s=300),
}


def wait_s(counter: Counter, *, count: int, last_at: datetime, now: datetime) -> int:
    """Seconds to wait still, after ``count`` failures of which the last was at ``last_at``; 0 when free to try."""
    patience = PATIENCE[counter]
    if count < patience.free or now - last_at >= FORGOTTEN_AFTER:
        return 0
    delay_s: int = min(2 ** min(count - patience.free, 20), patience.longest_s)
    return max(0, ceil(delay_s - (now - last_at).total_seconds()))
