"""Points with an extent that a work can concern: chambers, shafts, boxes."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np

from xzgis.catalogue.rules.chamber_words import ChamberWords, thing_at, words_with_extent
from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.queries.surroundings import CORNERS
from xzgis.conflicts.rules.chamber_sizes import sized_by_lines, widest_m, widths_m
from xzgis.conflicts.rules.chambers import DEEPEST_M, Chamber
from xzgis.conflicts.rules.reach import (
    NARROW_SIGMA_M,
    ORDINARY_SIGMA_M,
    Bounds,
    dig_reach_m,
    grown_boxes,
    hole_boxes,
    largest_requirement_m,
    reaches_m,
)
from xzgis.networks.terms import FloatArray, RunColumns

_TOLD = tuple(field.name for field in fields(Chamber))[:-3]
"""What a row of the statement says, in its order; after them the feature and the batch."""


def asked_chambers(
    new: RunColumns,
    catalogue: Catalogue,
    *,
    outlines: Sequence[FloatArray] = (),
    as_of: datetime | None = None,
) -> tuple[str, dict[str, object]]:
    """The statement that finds the chambers near new runs and excavations, and its parameters.

    ``outlines``: outline ``(k, 2)`` of each excavation, storage CRS; ``as_of``: as the register was known then.
    """
    boxes = _boxes(new, catalogue, outlines, sigma_m=NARROW_SIGMA_M)
    # A point is as vague as the worst way of knowing one makes it.
    vaguest_m = max(
        (np.hypot(way.plan_base_m, way.plan_per_depth * DEEPEST_M) for way in catalogue.accuracy.values()),
        default=0.0,
    )
    words = words_with_extent(catalogue)
    less_m = _less_m(new, catalogue, has_holes=bool(outlines))
    parameters: dict[str, object] = {
        "tokens": _array(words.tokens),
        "less_m": np.array([less_m[token] for token in words.tokens.values()]),
        "features": _array(words.features),
        "called": words.pattern,
        "edge_m": widest_m(catalogue) / 2.0,
        "drains": _array(sorted(sized_by_lines(catalogue))),
        "factor": catalogue.limits.sigma_factor,
        "sigma_m": NARROW_SIGMA_M,
        "further_m": catalogue.limits.sigma_factor * max(float(vaguest_m) - NARROW_SIGMA_M, 0.0),
        **dict(zip(CORNERS, boxes.T, strict=True)),
    }
    if as_of is not None:
        parameters["as_of"] = as_of
    return "chambers" if as_of is None else "chambers_as_of", parameters


def asked_untold(
    new: RunColumns,
    catalogue: Catalogue,
    *,
    outlines: Sequence[FloatArray] = (),
    as_of: datetime | None = None,
) -> tuple[str, dict[str, object]]:
    """The statement that finds lines of which no batch told what stands at their points, as far as a chamber matters.

    Its rows are identity and kind; parameters as of :func:`asked_chambers`.
    """
    boxes = _boxes(new, catalogue, outlines, sigma_m=ORDINARY_SIGMA_M)
    parameters: dict[str, object] = {
        "factor": catalogue.limits.sigma_factor,
        "sigma_m": ORDINARY_SIGMA_M,
        **dict(zip(CORNERS, boxes.T, strict=True)),
    }
    if as_of is None:
        return "untold_points", parameters
    return "untold_points_as_of", parameters | {"as_of": as_of}


def _boxes(
    new: RunColumns, catalogue: Catalogue, outlines: Sequence[FloatArray], *, sigma_m: float
) -> FloatArray:
    """``(n, 4)`` boxes of the work, grown for the widest chamber of ``sigma_m``."""
    bounds = Bounds(width_m=widest_m(catalogue), sigma_m=sigma_m)
    boxes = grown_boxes(new, reaches_m(new, catalogue, bounds))
    if not outlines:
        return boxes
    return np.vstack([boxes, hole_boxes(outlines, catalogue, bounds)])


def _array(words: Iterable[str]) -> str:
    """A literal of an array of texts."""
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "{" + ",".join(f'"{word}"' for word in escaped) + "}"


def _less_m(new: RunColumns, catalogue: Catalogue, *, has_holes: bool) -> dict[str, float]:
    """By what a chamber is called: how much nearer such ones concern every run and excavation than the widest of all."""
    width_of = widths_m(catalogue)
    widest = max(width_of.values(), default=0.0)
    dig_m = dig_reach_m(catalogue)
    own = {(new.conditions[condition].kind, width) for condition, width in zip(
        new.condition.tolist(), new.width_m[:, 1].tolist(), strict=True)}  # fmt: skip

    def asked_m(width_m: float) -> list[float]:
        return [
            max(largest_requirement_m(kind, catalogue, tunnel_m=max(width, width_m)), dig_m)
            for kind, width in own
        ]

    most_m, less_m = asked_m(widest), {}
    for width in set(width_of.values()):
        less_m[width] = (widest - width) / 2.0
        if own and not has_holes:  # as reaches_m grows with the width; an excavation by half of it alone
            less_m[width] += min(map(float.__sub__, most_m, asked_m(width)))
    return {token: less_m[width] for token, width in width_of.items()}


def chambers_of(rows: Sequence[tuple[Any, ...]], catalogue: Catalogue) -> list[Chamber]:
    """The rows of :func:`asked_chambers` that are things with an extent."""
    if not rows:
        return []
    words = words_with_extent(catalogue)
    found = [_chamber(row, words) for row in rows]
    return [one for one in found if one is not None]


def _chamber(row: tuple[Any, ...], words: ChamberWords) -> Chamber | None:
    *_, feature, batch = row
    # Before the name of the batch the statement says whether it is displaced and whether it is invented.
    displaced, invented, name = ("0", "0", None) if batch is None else (batch[0], batch[1], batch[2:])
    told = dict(zip(_TOLD, row[:-2], strict=True))
    thing = thing_at(told["appurtenance"], feature, told["depth_m"], words)
    if thing is None:
        return None
    told |= {"batch": name, "appurtenance": thing.token}
    if not thing.is_named:
        told["widest_mm"] = None
    return Chamber(**told, is_displaced=displaced == "1", is_invented=invented == "1")
