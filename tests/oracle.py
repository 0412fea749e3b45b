"""An independent answer to the kernel's questions, slow and in high precision. It shares no code with the product.

Distances and crossings are worked in rational numbers as far as they are rational, then in 40 digits.
"""

import itertools
from dataclasses import dataclass
from fractions import Fraction

import mpmath
import numpy as np

mpmath.mp.dps = 40
Point = tuple[Fraction, Fraction]


def exact(axis: object) -> list[Point]:
    """A list of coordinates as exact fractions."""
    return [(Fraction(float(x)), Fraction(float(y))) for x, y in axis]


def root(square: Fraction) -> mpmath.mpf:
    return mpmath.sqrt(mpmath.mpf(square.numerator) / square.denominator)


def point_to_segment_squared(p: Point, a: Point, b: Point) -> Fraction:
    dx, dy = b[0] - a[0], b[1] - a[1]
    whole = dx * dx + dy * dy
    share = Fraction(0) if whole == 0 else ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / whole
    share = min(max(share, Fraction(0)), Fraction(1))
    ex, ey = p[0] - a[0] - share * dx, p[1] - a[1] - share * dy
    return ex * ex + ey * ey


def distance(p: Point, axis: list[Point]) -> mpmath.mpf:
    """Plan distance of a point to a polyline."""
    pairs = list(itertools.pairwise(axis)) or [(axis[0], axis[0])]
    return root(min(point_to_segment_squared(p, a, b) for a, b in pairs))


@dataclass(frozen=True)
class Place:
    """A place on an axis: segment number and exact share of the segment."""

    segment: int
    share: Fraction


def lengths(axis: list[Point]) -> list[mpmath.mpf]:
    """Plan length up to every vertex."""
    total = [mpmath.mpf(0)]
    for a, b in itertools.pairwise(axis):
        total.append(total[-1] + root((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2))
    return total


def point(axis: list[Point], place: Place) -> Point:
    a, b = axis[place.segment], axis[place.segment + 1]
    return a[0] + place.share * (b[0] - a[0]), a[1] + place.share * (b[1] - a[1])


def chainage(axis: list[Point], place: Place) -> mpmath.mpf:
    up_to = lengths(axis)
    share = mpmath.mpf(place.share.numerator) / place.share.denominator
    return up_to[place.segment] + share * (up_to[place.segment + 1] - up_to[place.segment])


def telling_places(axis: list[Point], other: list[Point], finer: int = 7) -> list[Place]:
    """Every place where the distance can be least, and some between: vertices, feet of the other's vertices."""
    places = []
    for k, (a, b) in enumerate(itertools.pairwise(axis)):
        dx, dy = b[0] - a[0], b[1] - a[1]
        whole = dx * dx + dy * dy
        shares = {Fraction(n, finer) for n in range(finer + 1)}
        if whole:
            feet = {((q[0] - a[0]) * dx + (q[1] - a[1]) * dy) / whole for q in other}
            shares |= {share for share in feet if 0 <= share <= 1}
        places += [Place(k, share) for share in shares]
    return places


@dataclass(frozen=True)
class Meeting:
    """A crossing: exact places on both axes and the sine of the angle."""

    on_a: Place
    on_b: Place
    sine: mpmath.mpf


def meetings(axis: list[Point], other: list[Point]) -> list[Meeting]:
    """All points where two axes without collinear parts meet, vertices and ends included, exactly."""
    found = []
    for i, (a, b) in enumerate(itertools.pairwise(axis)):
        for j, (c, d) in enumerate(itertools.pairwise(other)):
            ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
            cross = ux * vy - uy * vx
            if cross == 0:
                continue
            s = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / cross
            t = ((c[0] - a[0]) * uy - (c[1] - a[1]) * ux) / cross
            if 0 <= s <= 1 and 0 <= t <= 1:
                sine = root(cross * cross / ((ux * ux + uy * uy) * (vx * vx + vy * vy)))
                found.append(Meeting(Place(i, s), Place(j, t), sine))
    return found


def outcome(gap: mpmath.mpf, sigma: float, required: float, factor: float = 2.0) -> str:
    """The design's sentence, word for word, for known facts."""
    if gap - factor * sigma >= required:
        return "clear"
    if gap + factor * sigma < required:
        return "breach"
    return "within_tolerance"


def worst(outcomes: list[str]) -> str:
    order = ["breach", "within_tolerance", "cannot_judge", "refer", "clear"]
    return min(outcomes, key=order.index, default="clear")


def horizontal(
    axis: list[Point], other: list[Point], *, half: float, required: float, sigma: float
) -> set[str]:
    """Outcomes on the plan clearance that the definitions allow; two where a figure is within 1 µm of a bound.

    The explained length around crossings of 15° and more is taken out, but for parts of the other run that
    have left it and come back; what is left is judged at its worst.
    """
    crossings = [(chainage(axis, m.on_a), m.sine) for m in meetings(axis, other)]
    steep = [(at, sine) for at, sine in sharpest(crossings) if sine >= mpmath.sin(mpmath.radians(15))]
    results = set()
    for nudge in (-1e-6, 0.0, 1e-6):
        answers = []
        for reach in (required + half, required + half + 2 * sigma):
            away = [(at - reach / sine, at + reach / sine) for at, sine in steep]
            distances = [*least_outside(axis, other, away), *coming_back(axis, other, steep, reach)]
            gaps = [d - half + nudge for d in distances]
            answers += [outcome(gap, sigma, required) for gap in gaps if gap < reach - half]
        results.add(worst(answers))
    return results


def sharpest(crossings: list[tuple[mpmath.mpf, mpmath.mpf]]) -> list[tuple[mpmath.mpf, mpmath.mpf]]:
    """At a vertex the largest angle counts."""
    kept: list[tuple[mpmath.mpf, mpmath.mpf]] = []
    for at, _ in crossings:
        if all(abs(at - seen) > 1e-9 for seen, _ in kept):
            kept.append((at, max(s for c, s in crossings if abs(c - at) <= 1e-9)))
    return kept


def least_outside(
    axis: list[Point], other: list[Point], away: list[tuple[mpmath.mpf, mpmath.mpf]]
) -> list[mpmath.mpf]:
    """Distances at every telling place that is not taken away, and at the ends of what is taken away."""
    up_to = lengths(axis)
    distances = [
        distance(point(axis, place), other)
        for place in telling_places(axis, other)
        if not any(low < chainage(axis, place) < high for low, high in away)
    ]
    for low, high in away:
        for end in (low, high):
            if 0 < end < up_to[-1] and not any(a < end < b for a, b in away):
                k = max(i for i in range(len(axis) - 1) if up_to[i] <= end)
                share = Fraction(str((end - up_to[k]) / (up_to[k + 1] - up_to[k])))
                distances.append(distance(point(axis, Place(k, share)), other))
    return distances


def walked(axis: list[Point], also: list[float], steps: int = 500) -> np.ndarray:
    """East, north and chainage in small steps along an axis, the places ``also`` among them."""
    xy = np.array([[float(x), float(y)] for x, y in axis])
    chain = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    inside = [place for place in also if 0.0 < place < chain[-1]]
    at = np.union1d(np.linspace(0.0, chain[-1], steps), np.concatenate([chain, inside]))
    return np.column_stack([np.interp(at, chain, xy[:, 0]), np.interp(at, chain, xy[:, 1]), at])


def coming_back(
    axis: list[Point], other: list[Point], steep: list[tuple[mpmath.mpf, mpmath.mpf]], reach: float
) -> list[mpmath.mpf]:
    """Least distances of explained places of ``axis`` to places of ``other`` beyond its explained length.

    A pair of places is explained when one crossing holds both; by small steps.
    """
    if not steep:
        return []
    meets = {
        round(float(chainage(axis, m.on_a)), 9): float(chainage(other, m.on_b)) for m in meetings(axis, other)
    }
    every = [(float(at), float(reach / sine), meets[round(float(at), 9)]) for at, sine in steep]
    a = walked(axis, [c + s for c, span, _ in every for s in (-span, span)])
    b = walked(other, [t + s for _, span, t in every for s in (-span, span)])
    held_a = np.array([np.abs(a[:, 2] - c) <= span for c, span, _ in every]).reshape(-1, len(a))
    held_b = np.array([np.abs(b[:, 2] - t) < span for _, span, t in every]).reshape(-1, len(b))
    far = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
    explained = (held_a[:, :, None] & held_b[:, None, :]).any(axis=0)
    left = far[held_a.any(axis=0)[:, None] & ~explained]
    return [mpmath.mpf(left.min())] if len(left) else []
