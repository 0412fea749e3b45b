"""Depths that no new line has: centimetres for metres, a depth typed as a level, a line above the ground."""

from collections.abc import Iterator

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Fault
from xzgis.core.words import Words
from xzgis.networks.terms import Method
from xzgis.works.rules.levels import ground_at
from xzgis.works.terms import GroundAlong, NewRun

Loc = tuple[str | int, ...]

TRENCHLESS = frozenset({Method.JACKING, Method.DIRECTIONAL_DRILLING})
RAISED = frozenset({"overhead", "riser", "surface"})
"""Ways to lie above the ground."""
ABOVE_GROUND_M = 0.5
"""So little above the ground is a matter of the cover, not of another unit: the register says the same."""


def of_cover(run: NewRun, catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    """The fault of a declared cover that cannot be."""
    cover = run.depth.cover_m
    if cover is None:
        return
    deepest = _deepest_m(run, catalogue)
    at = (*loc, "depth", "cover_m")
    if cover > deepest:
        kind = catalogue.kinds.get(run.kind)
        zh, en = ("管线", "a line") if kind is None else (kind.zh, kind.en.lower())
        yield Fault(
            at,
            Words(
                f"覆土 {cover:g} m 不可能：按此施工方法，{zh}的覆土不超过 {deepest:g} m。",
                f"A cover of {cover:g} m cannot be: laid so, {en} has at most {deepest:g} m.",
            ),
            Words(
                "单位为米：厘米要换算；填的是高程时请改填纵断面。",
                "It is in metres: convert centimetres; a level goes into the profile.",
            ),
        )
    elif cover < 0 and not _is_raised(run):
        yield Fault(at, _above(-cover), ABOVE_REMEDY)
    elif cover > 0 and _is_overhead(run):
        yield Fault(at, _below(cover), BELOW_REMEDY)


def of_raised(run: NewRun, _catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    """A run in the air by its method and in the ground by its burial, or the other way round: no cover would be judged."""
    is_hung = run.method is Method.OVERHEAD and run.burial is not None and run.burial not in RAISED
    if is_hung or (run.burial == Method.OVERHEAD.value and run.method in TRENCHLESS):
        yield Fault(
            (*loc, "burial"),
            Words(
                f"施工方法为 {run.method.value}，埋设方式却为 {run.burial}：是架空还是埋地，不能确定。",
                f"The method is {run.method.value} and the burial {run.burial}: whether it hangs or lies in the ground is not "
                "known.",
            ),
            Words(
                "架空的，埋设方式写 overhead 或留空；埋地的，改正施工方法。",
                "If it is overhead, write overhead for the burial or leave it out; if it is buried, correct the method.",
            ),
        )


def of_profile(
    run: NewRun, ground: GroundAlong, catalogue: Catalogue, loc: Loc, *, height_m: tuple[float, float]
) -> Iterator[Fault]:
    """Levels deeper below the known ``ground`` than a line of the kind lies, or above it.

    ``height_m``: smallest and largest outer height; ``k sigma`` of the ground is allowed for.
    """
    points = run.depth.profile
    lower, higher = ground_at(ground, np.array([one.chainage_m for one in points]))
    spread = catalogue.limits.sigma_factor * ground.sigma_m
    low, high = height_m if run.depth.profile_of != "crown" else (0.0, 0.0)
    deepest = _deepest_m(run, catalogue)
    # At a drop of the ground a level is impossible where it is so below either.
    for place, (point, level, top) in enumerate(zip(points, lower.tolist(), higher.tolist(), strict=True)):
        at = (*loc, place, "level_m")
        depth, most = level - point.level_m, top - point.level_m
        if depth - high > deepest + spread:
            yield Fault(
                at,
                Words(
                    f"高程 {point.level_m:g} m 在地面（{level:.2f} m）下 {depth:.2f} m，不可能：按此施工方法最深 {deepest:g} m。",
                    f"The level {point.level_m:g} m lies {depth:.2f} m below the ground ({level:.2f} m), which cannot be: "
                    f"laid so, at most {deepest:g} m.",
                ),
                Words(
                    "这里填 1985 国家高程基准的高程（米）；填的是埋深时请改填覆土。",
                    "This is a level on the 1985 datum, in metres; a depth goes into the cover.",
                ),
            )
        elif most - low < -(ABOVE_GROUND_M + spread) and not _is_raised(run):
            yield Fault(at, _above(low - most), ABOVE_REMEDY)
        elif depth - high > ABOVE_GROUND_M + spread and _is_overhead(run):
            yield Fault(at, _below(depth - high), BELOW_REMEDY)


ABOVE_REMEDY = Words(
    "架空时请注明施工方法或埋设方式为架空（overhead）；核对单位（米）、正负号与高程基准；将填高的地面请给出设计地面高程。",
    "If it is overhead, say so in method or burial; look at its unit (metres), sign and datum; where the ground is to "
    "be raised give its planned level.",
)


BELOW_REMEDY = Words(
    "架空线在地面以上：覆土写负值，或改正施工方法、埋设方式。",
    "What is overhead lies above the ground: its cover is below 0; or correct the method or the burial.",
)


def _below(by_m: float) -> Words:
    return Words(
        f"注明架空，却在地面下 {by_m:g} m。", f"Said to be overhead, yet {by_m:g} m below the ground."
    )


def _is_overhead(run: NewRun) -> bool:
    return run.method is Method.OVERHEAD or run.burial == Method.OVERHEAD.value


def _above(by_m: float) -> Words:
    return Words(
        f"管顶高出地面 {by_m:.2f} m：是架空线吗？",
        f"The crown lies {by_m:.2f} m above the ground: overhead?",
    )


def _is_raised(run: NewRun) -> bool:
    return run.method is Method.OVERHEAD or run.burial in RAISED


def _deepest_m(run: NewRun, catalogue: Catalogue) -> float:
    """The largest cover of a line of this kind; without a trench it may go deeper, below a river.

    Of a kind that nobody defined the largest of all: 120 is no cover, whatever the line is.
    """
    kind = catalogue.kinds.get(run.kind)
    deepest = max(one.plausible_cover_m[1] for one in ([kind] if kind else catalogue.kinds.values()))
    return (
        max(deepest, catalogue.limits.values["deepest_trenchless_m"]) if run.method in TRENCHLESS else deepest
    )
