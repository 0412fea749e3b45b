"""Candidates of a check: the runs that the work can concern at all."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.queries.columns import columns_of
from xzgis.conflicts.rules.reach import (
    ORDINARY_SPREAD_M,
    ORDINARY_WIDTH_M,
    Bounds,
    grown_boxes,
    hole_boxes,
    ordinary,
    reaches_m,
)
from xzgis.core.sql import binary_rows
from xzgis.networks.terms import FloatArray, RunColumns

CORNERS = ("x0", "y0", "x1", "y1")
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
    usual = ordinary(catalogue)
    near = _boxes(new, outlines, catalogue, usual)
    extreme = _extreme(session, usual)
    far = near[:0] if extreme is None else _boxes(new, outlines, catalogue, extreme)
    parameters: dict[str, object] = {**_corners("near", near), **_corners("far", far)}
    if as_of is not None:
        parameters["as_of"] = as_of
    name = "candidates" if as_of is None else "candidates_as_of"
    return columns_of(binary_rows(session, "conflicts", name, parameters), catalogue, origin_m=new.origin_m)


def _boxes(
    new: RunColumns, outlines: Sequence[FloatArray], catalogue: Catalogue, bounds: Bounds
) -> FloatArray:
    """Boxes of the work's segments and excavations, grown by what runs within ``bounds`` can concern."""
    segments = grown_boxes(new, reaches_m(new, catalogue, bounds))
    return np.concatenate([segments, hole_boxes(outlines, catalogue, bounds)]) if outlines else segments


def _extreme(session: Session, usual: Bounds) -> Bounds | None:
    """Bounds that hold for the vaguest and widest run of the register; None when no run is unusual."""
    ((sigma_m, width_mm, spread_mm),) = binary_rows(session, "conflicts", "unusual", {})
    if sigma_m is None and width_mm is None and spread_mm is None:
        return None
    width_m = max(ORDINARY_WIDTH_M, (width_mm or 0.0) / MM_PER_M)
    spread_m = max(ORDINARY_SPREAD_M, (spread_mm or 0.0) / MM_PER_M)
    return Bounds(width_m=max(usual.width_m, width_m + spread_m), sigma_m=max(usual.sigma_m, sigma_m or 0.0))


def _corners(prefix: str, boxes: FloatArray) -> dict[str, object]:
    return {
        f"{prefix}_{name}": np.ascontiguousarray(boxes[:, at]).tolist() for at, name in enumerate(CORNERS)
    }
