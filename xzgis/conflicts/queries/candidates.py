"""Candidates of a check: the runs that the work can concern at all."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.queries.columns import columns_of
from xzgis.conflicts.queries.surroundings import CORNERS
from xzgis.conflicts.rules.reach import (
    Bounds,
    hole_boxes,
    hole_reach_m,
    looked_around,
    narrow,
    ordinary,
    reaches_m,
)
from xzgis.conflicts.rules.zone_reach import hole_more_m, zone_looks
from xzgis.core.sql import binary_rows
from xzgis.networks.terms import FloatArray, RunColumns

MM_PER_M = 1000.0


def near_runs(
    session: Session,
    new: RunColumns,
    catalogue: Catalogue,
    *,
    outlines: Sequence[FloatArray] = (),
    as_of: datetime | None = None,
) -> RunColumns:
    """Live and disused runs that can concern the new runs or excavations, ascending by identity.

    Parameters
    ----------
    new
        The new runs; the answer has the same origin.
    outlines
        Outline ``(k, 2)`` of each excavation, storage CRS.
    as_of
        Read the register as it was known then; None: as it is known now.
    """
    rows = binary_rows(session, "conflicts", *asked_runs(new, catalogue, outlines=outlines, as_of=as_of))
    return columns_of(rows, catalogue, origin_m=new.origin_m)


def asked_runs(
    new: RunColumns,
    catalogue: Catalogue,
    *,
    outlines: Sequence[FloatArray] = (),
    as_of: datetime | None = None,
) -> tuple[str, dict[str, object]]:
    """The statement of :func:`near_runs` and its parameters, for asking it together with others."""
    usual, close = ordinary(), narrow()
    reach_m = reaches_m(new, catalogue, usual)
    boxes = looked_around(new, np.array((reach_m, reach_m - reaches_m(new, catalogue, close))))
    if outlines:
        more_m = hole_more_m(catalogue)
        nearer_m = hole_reach_m(catalogue, usual) - hole_reach_m(catalogue, close) + more_m
        holes = (hole_boxes(outlines, catalogue, usual) + more_m * np.array([-1.0, -1.0, 1.0, 1.0])).T
        boxes = np.hstack([boxes, np.vstack([holes, np.full(len(outlines), nearer_m)])])
    parameters = _same_for_all(catalogue) | dict(zip((*CORNERS, "less_m"), boxes, strict=True))
    if as_of is not None:
        parameters["as_of"] = as_of
    return "candidates" if as_of is None else "candidates_as_of", parameters


_known: list[tuple[Catalogue, dict[str, object]]] = []


def _same_for_all(catalogue: Catalogue) -> dict[str, object]:
    """The parameters that hang on no work; those of the latest few catalogues are kept."""
    for held, parameters in _known:
        if held is catalogue:
            return parameters
    usual, close = ordinary(), narrow()
    parameters = {
        "narrow_mm": close.width_m * MM_PER_M,
        "narrow_sigma_m": close.sigma_m,
        "width_m": usual.width_m,
        "sigma_m": usual.sigma_m,
        "factor": catalogue.limits.sigma_factor,
        **_zones(catalogue),
        **_wide_kinds(catalogue, usual),
    }
    _known[:] = [*_known[-3:], (catalogue, parameters)]
    return parameters


def _zones(catalogue: Catalogue) -> dict[str, object]:
    """How much farther lines with zones are looked for."""
    looks = zone_looks(catalogue)
    return {
        "trunk_m": looks.trunk_m,
        "other_m": looks.other_m,
        "near_kinds": "{" + ",".join(looks.near_kinds) + "}",
        "other_kinds": "{" + ",".join(looks.other_kinds) + "}",
    }


def _wide_kinds(catalogue: Catalogue, usual: Bounds) -> dict[str, object]:
    """Kinds of line that may be wider than usual where no size is known, and how wide, millimetres."""
    most = {
        kind.token: kind.plausible_outer_width_mm[1]
        for kind in catalogue.kinds.values()
        if kind.is_buried_line and kind.plausible_outer_width_mm[1] > usual.width_m * MM_PER_M
    }
    # Names of kinds are plain words, so the array needs no quotes.
    return {
        "wide_kinds": "{" + ",".join(most) + "}",
        "wide_mm": np.array(list(most.values()), dtype=np.float64),
    }
