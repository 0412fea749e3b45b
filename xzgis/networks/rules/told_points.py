"""Which kinds a delivery tells the points of: manholes, valve chambers and cabinets are surveyed as points."""

import pandas as pd

from xzgis.networks.rules.partial_codes import PartialCodes

SAYING = ("appurtenance", "feature", "chamber_depth_m")
"""Columns of a point that say what stands there; a survey fills one of them at every point."""
UNKNOWN_KIND = "unknown"


def kinds_told(points: pd.DataFrame, lines: pd.DataFrame, codes: PartialCodes) -> frozenset[str]:
    """Kinds of ``points`` (``kind``, ``code``, any of :data:`SAYING`) of which at least one says what stands there.

    One is taken as the sign that the kind's points were delivered; a point of no known kind is of ``unknown``. A street lamp
    is no sign of the manholes of power: a point under a code of a part tells of its kind only where all ``lines`` (``kind``,
    ``code``) of the kind that it came with stand under such codes too.
    """
    says = points[[name for name in SAYING if name in points.columns]].notna().any(axis=1)
    told, given = (
        frame.reindex(columns=["kind", "code"]).drop_duplicates() for frame in (points[says], lines)
    )
    whole = set(given["kind"][~_is_of_part(given, codes)])
    telling = told["kind"][~(_is_of_part(told, codes) & told["kind"].isin(whole))]
    return frozenset(kind if isinstance(kind, str) else UNKNOWN_KIND for kind in telling)


def _is_of_part(rows: pd.DataFrame, codes: PartialCodes) -> pd.Series:
    named = (
        isinstance(kind, str) and isinstance(code, str) and codes.named(kind, code) is not None
        for kind, code in zip(rows["kind"], rows["code"], strict=True)
    )
    return pd.Series(list(named), index=rows.index, dtype=bool)
