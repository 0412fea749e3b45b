"""Sizes that no new line of its kind has, or has seldom: metres and centimetres for millimetres."""

from collections.abc import Iterator

from xzgis.catalogue.terms import Catalogue, NetworkKind
from xzgis.core.errors import Fault
from xzgis.core.words import Words
from xzgis.networks.rules.sections import believable_mm
from xzgis.networks.terms import Shape
from xzgis.works.rules.measured_to import is_measured_inside
from xzgis.works.terms import NewRun, Section, WorkDocument

Loc = tuple[str | int, ...]

# What somebody says of a new line is refused later than a figure of a delivery: culverts of several cells are 12.6 m
# wide. Downwards only that far: a figure under a centimetre may be metres.
LARGER_THAN_BELIEVED, SMALLER_THAN_BELIEVED = 2.0, 0.8
LEAST_DOUBTED_MM = 10.0
MM_PER_CM = 10.0
LEAST_MAIN_MM = 300.0
"""Least nominal size of a sewer in a street (GB 50014-2021, 5.2.10): what is smaller is a lateral, or in centimetres."""


def of_size(run: NewRun, catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    """A size that no line of its kind has: 0.2 is meant in metres, 60 of a sewer in centimetres, 20000 in tenths of a mm.

    Sewers and channels have the least size of their kind. Smaller laterals and rising mains are named by their outer
    size (dn 75), and are taken where it is said to be outer.
    """
    kind = catalogue.kinds.get(run.kind)
    if kind is None:
        return
    least, most = _refused_beyond_mm(kind)
    bores = is_measured_inside(kind) and not run.section.is_outer
    smallest = max(least, kind.plausible_outer_width_mm[0]) if bores else least
    for field, size in _sizes(run.section):
        if smallest <= size <= most:
            continue
        words = Words(
            f"{size:g} mm 对{kind.zh}不合理：应在 {smallest:g}～{most:g} mm 之间。",
            f"{size:g} mm cannot be: {kind.en.lower()} has {smallest:g} to {most:g} mm.",
        )
        yield Fault(
            (*loc, "section", field), words, _remedy(size, may_be_cm=least <= size < smallest, most=most)
        )


def small_sewers(work: WorkDocument, catalogue: Catalogue) -> list[Words]:
    """What is to be told of sewers and channels so small that their size may be in centimetres: 120 for DN1200."""
    found: dict[str, Words] = {}
    for run in work.runs:
        kind = catalogue.kinds.get(run.kind)
        if kind is None or not is_measured_inside(kind) or run.section.is_outer:
            continue
        for _, size in _sizes(run.section):
            if kind.plausible_outer_width_mm[0] <= size < LEAST_MAIN_MM:
                found[f"{run.kind} {size}"] = Words(
                    f"{kind.zh}的尺寸 {size:g} 按 {size:g} mm 计，道路下的干管少有这样小的；"
                    f"如为厘米，请改为 {size * MM_PER_CM:g}。",
                    f"The size {size:g} of a {kind.en.lower()} was taken as {size:g} mm, which few mains in a street have: write "
                    f"{size * MM_PER_CM:g} if these are centimetres.",
                )
    return list(found.values())


def _sizes(section: Section) -> Iterator[tuple[str, float]]:
    for field in ("diameter_mm",) if section.shape is Shape.CIRCLE else ("width_mm", "height_mm"):
        size = getattr(section, field)
        if size is not None:
            yield field, size


def _remedy(size: float, *, may_be_cm: bool, most: float) -> Words:
    # Left out, a size is judged as any up to the usual largest: no way out for what may be larger still.
    if size > most:
        return Words("尺寸单位为毫米：请核对并改正。", "Sizes are in millimetres: look at it and correct it.")
    if may_be_cm:
        return Words(
            f"尺寸单位为毫米：如为厘米，请改为 {size * MM_PER_CM:g}；确为这样小的管，请给外径并说明是外廓尺寸；不清楚时留空。",
            f"Sizes are in millimetres: write {size * MM_PER_CM:g} if these are centimetres; if the pipe is as small as that, "
            "give its outer size and say that it is outer; leave it out when unknown.",
            "--outer",
        )
    return Words("尺寸单位为毫米：米、厘米要换算；不清楚时留空。",
                 "Sizes are in millimetres: convert metres and centimetres; leave it out when unknown.")  # fmt: skip


def _refused_beyond_mm(kind: NetworkKind) -> tuple[float, float]:
    """Least and largest size of a new line of ``kind`` in millimetres."""
    least, most = believable_mm(kind)
    return min(least, max(least * SMALLER_THAN_BELIEVED, LEAST_DOUBTED_MM)), most * LARGER_THAN_BELIEVED
