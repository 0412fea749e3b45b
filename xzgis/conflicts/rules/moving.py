"""Moving a new run to a side: the least move after which its pair, measured again, is truly clear."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xzgis.conflicts.kernel.compiled import EQUAL_M, JUST_BELOW_M
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.pairs import crossings_of_pairs
from xzgis.conflicts.kernel.plan import stretches
from xzgis.conflicts.rules.explain import Anchor, Explanation, shallow_sine
from xzgis.conflicts.rules.near import Near
from xzgis.conflicts.rules.pieces import Piece
from xzgis.conflicts.rules.verdict import rounded_up
from xzgis.conflicts.terms import Outcome
from xzgis.networks.terms import FloatArray

LEAST_SIDEWAYS = 0.5
"""Below this cosine (60°) the way to the other run is more along the new axis than across it."""
TRIES = 4
"""A move that falls short at another place is made longer this often."""
LEAST_MITRE = 0.3
"""One and the cosine of a turn: a corner of more than 134° moves too far to be the same run."""


def move_of(near: Near, piece: Piece) -> tuple[dict[str, Any] | None, bool]:
    """The move away from the other, parallel to itself, that mends ``piece``; and whether none was found to do so.

    ``move_m`` reaches the figure, ``clear_move_m`` is clear beyond tolerance, in the whole pair, as measured at the
    moved axis. None where moving to a side does not help: the axes meet, the other lies ahead of an end of the new
    run, or the two would be too near at another place.
    """
    pair, distance_m = near.pair, piece.gap_m[0] + near.pair.half_m[1]
    if piece.outcome not in (Outcome.BREACH, Outcome.WITHIN_TOLERANCE):
        return None, False
    if distance_m <= EQUAL_M or abs(piece.side) < LEAST_SIDEWAYS * distance_m:
        return None, False
    short = pair.strict_required_m - piece.gap_m[0]
    # Moved straight to the side, an oblique neighbour is left more slowly than a parallel one.
    sideways = abs(piece.side) / distance_m
    spread_m = near.scene.factor * pair.sigma_m
    sign = 1.0 if piece.side > 0 else -1.0
    clear_m = _least_move(near, (short + spread_m) / sideways, sign, spread_m)
    move_m = None if clear_m is None else _least_move(near, max(short, 0.0) / sideways, sign, 0.0)
    if clear_m is None or move_m is None:
        return None, True
    side = "right" if piece.side > 0 else "left"
    return {"move_m": min(move_m, clear_m), "side": side, "clear_move_m": clear_m}, False


def _least_move(near: Near, by_m: float, sign: float, slack_m: float) -> float | None:
    """The first move, in whole millimetres, after which nothing is nearer than asked and ``slack_m``."""
    by_m = rounded_up(by_m)
    for _ in range(TRIES):
        short_m = _short_when_moved(near, by_m * sign, slack_m)
        if short_m is None or short_m == 0.0:
            return None if short_m is None else by_m
        by_m = max(rounded_up(by_m + short_m), by_m + 0.001)
    return None


def _short_when_moved(near: Near, by_m: float, slack_m: float) -> float | None:
    """How much farther the run must go, moved to its right; zero: clear, None: farther does not help."""
    scene, pair = near.scene, near.pair
    if pair.a not in scene.sides:
        scene.sides[pair.a] = sides_of(scene.lines, pair.a)
    sides = scene.sides[pair.a]
    lines = None if sides is None else moved(scene.lines, pair.a, sides, by_m)
    if lines is None:
        return None
    reach_m = pair.strict_m + slack_m
    if not len(stretches(lines, pair.a, scene.others, pair.b, reach_m - JUST_BELOW_M)):
        return 0.0
    there = _measured(near, lines)
    left = there.left_in_any_reading(slack_m)
    seen = [left.seen(span) for span in left.spans]
    if not seen:
        return 0.0
    worst = min(seen, key=lambda one: one.gap_m[0])
    distance_m = worst.gap_m[0] + pair.half_m[1]
    # Ahead of an end, on the other side or where the axes meet.
    if distance_m <= EQUAL_M or worst.place.side * by_m < LEAST_SIDEWAYS * distance_m * abs(by_m):
        return None
    return max((reach_m - distance_m) * distance_m / abs(worst.place.side), EQUAL_M)


def _measured(near: Near, lines: Lines) -> Near:
    """The pair with its new run on ``lines``; its crossings explain, joints do not: moved away, it is off them."""
    pair, others = near.pair, near.scene.others
    scene = replace(near.scene, lines=lines)
    least = shallow_sine(scene.catalogue.limits.shallow_angle_deg)
    rows = crossings_of_pairs(lines, others, np.array([(pair.a, pair.b)], dtype=np.int64)).tolist()
    found = [
        Explanation(sine, False, {pair.a: [Anchor(at_a, 0.0)]}, {pair.b: [Anchor(at_b, 0.0)]})
        for at_a, at_b, sine in (_place(row) for row in rows)
        if sine >= least
    ]

    def parts(reach_m: float) -> list[tuple[float, float]]:
        return [(s, e) for s, e in stretches(lines, pair.a, others, pair.b, reach_m - JUST_BELOW_M).tolist()]

    return Near(
        scene,
        pair,
        mild=parts(pair.mild_m),
        strict=parts(pair.strict_m),
        reach=parts(pair.reach_m(scene.factor)),
        overlap=parts(pair.half_m[1]),
        explanations=found,
    )


def _place(row: list[float]) -> tuple[float, float, float]:
    """Chainages and sine of a row of crossings."""
    return row[1], row[2], row[3]


@dataclass(frozen=True, slots=True)
class Sides:
    """A run as it is moved to a side: its vertices, its legs, where each vertex goes to, for ``mitre`` metres."""

    xy_m: FloatArray
    way_m: FloatArray
    right: FloatArray
    mitre: FloatArray


def sides_of(lines: Lines, run: int) -> Sides | None:
    """What moving ``run`` to any side needs; None where it has none: a riser, a drop, too sharp a corner."""
    rows = slice(int(lines.offset[run]), int(lines.offset[run + 1]))
    xy = np.array((lines.x_m[rows], lines.y_m[rows])).T
    way = xy[1:] - xy[:-1]
    length = np.hypot(way[:, 0], way[:, 1])
    if (length <= 0.0).any():
        return None
    right = np.array((way[:, 1], -way[:, 0])).T / length[:, None]
    ends = np.concatenate((right[:1], right)), np.concatenate((right, right[-1:]))
    mitre = 1.0 + (ends[0] * ends[1]).sum(axis=1)
    return None if (mitre < LEAST_MITRE).any() else Sides(xy, way, ends[0] + ends[1], mitre[:, None])


def moved(lines: Lines, run: int, sides: Sides, right_m: float) -> Lines | None:
    """``lines`` with one run moved to its right, parallel to itself with sharp corners; None where it folds."""
    there = sides.xy_m + right_m * sides.right / sides.mitre
    steps = there[1:] - there[:-1]
    if ((steps * sides.way_m).sum(axis=1) <= 0.0).any():
        return None
    rows = slice(int(lines.offset[run]), int(lines.offset[run + 1]))
    x, y, chain, box = (each.copy() for each in (lines.x_m, lines.y_m, lines.chain_m, lines.box_m))
    x[rows], y[rows] = there.T
    chain[rows.start] = 0.0
    np.add.accumulate(np.hypot(steps[:, 0], steps[:, 1]), out=chain[rows.start + 1 : rows.stop])
    box[run, :2], box[run, 2:] = np.minimum.reduce(there), np.maximum.reduce(there)
    return lines._replace(x_m=x, y_m=y, chain_m=chain, box_m=box)
