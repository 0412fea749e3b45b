"""Which kinds a delivery tells the points of: manholes, valve chambers and cabinets are surveyed as points."""

import pandas as pd

SAYING = ("appurtenance", "feature", "chamber_depth_m")
"""Columns of a point that say what stands there; a survey fills one of them at every point."""
UNKNOWN_KIND = "unknown"


def kinds_told(points: pd.DataFrame) -> frozenset[str]:
    """Kinds of ``points`` (``kind``, any of :data:`SAYING`) of which at least one says what stands there.

    One is taken as the sign that the kind's points were delivered; a point of no known kind is of ``unknown``.
    """
    says = points[[name for name in SAYING if name in points.columns]].notna().any(axis=1)
    return frozenset(
        kind if isinstance(kind, str) else UNKNOWN_KIND for kind in points.loc[says, "kind"].unique()
    )
