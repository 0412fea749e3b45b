"""Cutting the ground open: where a line in plan meets runs, and at what level."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import asin, degrees, hypot, isnan, radians, sin

import numpy as np

from xzgis.networks.terms import FloatArray

Pair = tuple[float, float]
# Below this the line runs along the run rather than across it; its width in the section means nothing.
ALONG_DEG = 3.0


@dataclass(frozen=True, slots=True)
class CutRun:
    """A run as a section needs it.

    ``axis_m`` is ``(n, 2)`` east, north; the levels are ``(n,)``, NaN where unknown. Sizes are the outer
    envelope, None where unknown. ``run_id`` is negative for a run of a new work.
    """

    run_id: int
    kind: str
    label: str
    size: str | None
    shape: str | None
    owner: str | None
    life_state: str
    surveyed_on: date | None
    axis_m: FloatArray
    crown_m: FloatArray
    bottom_m: FloatArray
    ground_m: FloatArray
    width_m: float | None
    height_m: float | None
    sigma_plan_m: float
    sigma_level_m: float

    @property
    def length_m(self) -> float:
        """Length in plan."""
        return float(np.hypot(*np.diff(self.axis_m, axis=0).T).sum())


@dataclass(frozen=True, slots=True)
class CutHit:
    """Where a run passes through a cut.

    Attributes
    ----------
    offset_m
        Along the cut from its first end.
    chainage_m
        Along the run from its start.
    angle_deg
        Between cut and run in plan, 0 to 90.
    crown_m, bottom_m, ground_m
        Levels there, interpolated along the run; None where an end of the stretch is unknown.
    seen_width_m
        Width in the cut: outer width by the sine of the angle; None when the size is unknown or the cut
        runs along the run.
    """

    run: CutRun
    offset_m: float
    chainage_m: float
    angle_deg: float
    place_m: Pair
    crown_m: float | None
    bottom_m: float | None
    ground_m: float | None
    seen_width_m: float | None

    @property
    def depth_known(self) -> bool:
        """Whether both crown and bottom are known here."""
        return self.crown_m is not None and self.bottom_m is not None


def hits(start_m: Pair, end_m: Pair, runs: Iterable[CutRun]) -> list[CutHit]:
    """Every passage of ``runs`` through the straight line from ``start_m`` to ``end_m``, in its order."""
    found = [hit for run in runs for hit in _through(start_m, end_m, run)]
    return sorted(found, key=lambda hit: (hit.offset_m, hit.run.run_id))


def hit_at(start_m: Pair, end_m: Pair, run: CutRun, place_m: Pair) -> CutHit:
    """Where ``run`` is nearest to ``place_m``, as seen in the cut: for a run that ends at the cut or lies along it."""
    long_m = hypot(end_m[0] - start_m[0], end_m[1] - start_m[1])
    ux, uy = (end_m[0] - start_m[0]) / long_m, (end_m[1] - start_m[1]) / long_m
    steps = np.diff(run.axis_m, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    to_place = np.array(place_m) - run.axis_m[:-1]
    shares = np.clip((to_place * steps).sum(axis=1) / np.maximum(lengths**2, 1e-12), 0.0, 1.0)
    feet = run.axis_m[:-1] + shares[:, None] * steps
    at = int(np.argmin(np.hypot(*(feet - np.array(place_m)).T)))
    aside = -steps[at, 0] * uy + steps[at, 1] * ux
    return _hit(
        run, at, float(shares[at]),
        offset_m=float((feet[at, 0] - start_m[0]) * ux + (feet[at, 1] - start_m[1]) * uy),
        chainage_m=float(lengths[:at].sum() + shares[at] * lengths[at]),
        angle_deg=degrees(asin(min(1.0, abs(float(aside)) / max(float(lengths[at]), 1e-12)))),
        place_m=(float(feet[at, 0]), float(feet[at, 1])),
    )  # fmt: skip


def _through(start_m: Pair, end_m: Pair, run: CutRun) -> list[CutHit]:
    long_m = hypot(end_m[0] - start_m[0], end_m[1] - start_m[1])
    if long_m == 0:
        return []
    ux, uy = (end_m[0] - start_m[0]) / long_m, (end_m[1] - start_m[1]) / long_m
    # Along the cut and to its left, local: national coordinates would cost seven digits.
    along = (run.axis_m[:, 0] - start_m[0]) * ux + (run.axis_m[:, 1] - start_m[1]) * uy
    aside = -(run.axis_m[:, 0] - start_m[0]) * uy + (run.axis_m[:, 1] - start_m[1]) * ux
    found: list[CutHit] = []
    chainage = 0.0
    for at in range(len(along) - 1):
        a0, a1, s0, s1 = float(along[at]), float(along[at + 1]), float(aside[at]), float(aside[at + 1])
        step = hypot(a1 - a0, s1 - s0)
        last = at == len(along) - 2
        share = _middle(a0, a1, long_m) if s0 == s1 == 0.0 else _share(s0, s1, last=last)
        if share is not None and step > 0 and -1e-9 <= a0 + share * (a1 - a0) <= long_m + 1e-9:
            offset = a0 + share * (a1 - a0)
            angle = degrees(asin(min(1.0, abs(s1 - s0) / step)))
            found.append(
                _hit(
                    run,
                    at,
                    share,
                    offset_m=offset,
                    chainage_m=chainage + share * step,
                    angle_deg=angle,
                    place_m=(start_m[0] + offset * ux, start_m[1] + offset * uy),
                )
            )
        chainage += step
    return found


def _middle(a0: float, a1: float, long_m: float) -> float | None:
    """Where along a segment that lies in the cut the middle of their common part is."""
    low, high = max(min(a0, a1), 0.0), min(max(a0, a1), long_m)
    return None if low > high or a0 == a1 else ((low + high) / 2 - a0) / (a1 - a0)


def _share(s0: float, s1: float, *, last: bool) -> float | None:
    """Where along a segment its distance from the cut is zero; a shared vertex belongs to the later one."""
    if s0 == 0.0:
        return 0.0
    if s1 == 0.0:
        return 1.0 if last else None
    if (s0 > 0) == (s1 > 0):
        return None
    return s0 / (s0 - s1)


def _between(levels: FloatArray, at: int, share: float) -> float | None:
    """Level at a share of a segment; None unless it is known at what it depends on."""
    low, high = float(levels[at]), float(levels[at + 1])
    value = low if share == 0.0 else high if share == 1.0 else low + share * (high - low)
    return None if isnan(value) else value


def _hit(
    run: CutRun, at: int, share: float, *, offset_m: float, chainage_m: float, angle_deg: float, place_m: Pair
) -> CutHit:
    seen = None
    if run.width_m is not None and angle_deg >= ALONG_DEG:
        seen = run.width_m / sin(radians(angle_deg))
    return CutHit(
        run=run, offset_m=offset_m, chainage_m=chainage_m, angle_deg=angle_deg, place_m=place_m,
        crown_m=_between(run.crown_m, at, share),
        bottom_m=_between(run.bottom_m, at, share),
        ground_m=_between(run.ground_m, at, share),
        seen_width_m=seen,
    )  # fmt: skip
