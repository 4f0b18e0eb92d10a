"""The few statistics that metrics use, without a library: each one small enough to check by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

Z95 = 1.959963984540054


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """95 % Wilson score interval of a rate; None without cases."""
    if n <= 0:
        return None
    p, z2 = hits / n, Z95 * Z95
    centre, spread = p + z2 / (2 * n), Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, (centre - spread) / (1 + z2 / n)), min(1.0, (centre + spread) / (1 + z2 / n))


def quantile(values: Sequence[float], q: float) -> float | None:
    """The q-quantile by linear interpolation; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def mean(values: Sequence[float]) -> float | None:
    """Arithmetic mean; None without values."""
    return sum(values) / len(values) if values else None


def kaplan_meier_median(ended: Sequence[float], open_: Sequence[float]) -> float | None:
    """The time by which half have ended, open cases counted as long as they were seen; None when the curve stays above one half."""
    times = sorted({*ended})
    alive = 1.0
    for time in times:
        at_risk = sum(t >= time for t in ended) + sum(t >= time for t in open_)
        alive *= 1 - sum(t == time for t in ended) / at_risk
        if alive <= 0.5 + 1e-12:
            return time
    return None
