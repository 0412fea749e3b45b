"""Which kinds a delivery tells the points of: manholes, valve chambers and cabinets are surveyed as points."""

import pandas as pd

from xzgis.networks.rules.partial_codes import PartialCodes

SAYING = ("appurtenance", "feature", "chamber_depth_m")
"""Columns of a point that say what stands there; a survey fills one of them at every point."""
UNKNOWN_KIND = "unknown"
WHOLE = ""
"""Stands for a kind that no code of a part is told of."""


def kinds_told(points: pd.DataFrame, lines: pd.DataFrame, codes: PartialCodes) -> frozenset[str]:
    """Kinds of ``points`` (``kind``, ``code``, any of :data:`SAYING`) of which at least one says what stands there.

    See :func:`kinds_telling`.
    """
    says = points[[name for name in SAYING if name in points.columns]].notna().any(axis=1)
    return kinds_telling(points[says], lines, codes)


def kinds_telling(saying: pd.DataFrame, lines: pd.DataFrame, codes: PartialCodes) -> frozenset[str]:
    """Kinds of which the points ``saying`` (``kind``, ``code``) tell what stands there, each of them saying it of itself.

    One is taken as the sign that the kind's points were delivered; a point of no known kind is of ``unknown``. A street lamp
    is no sign of the manholes of power, nor of those of the traffic signals: points under codes of parts tell of their kind
    only where all ``lines`` (``kind``, ``code``) of the kind that they came with stand under these codes too.
    """
    told, given = (_parts_by_kind(frame, codes) for frame in (saying, lines))
    return frozenset(
        kind for kind, parts in told.items() if WHOLE in parts or parts >= given.get(kind, frozenset())
    )


def _parts_by_kind(rows: pd.DataFrame, codes: PartialCodes) -> dict[str, frozenset[str]]:
    """By kind the codes of parts that ``rows`` stand under; :data:`WHOLE` where one stands under none."""
    pairs = rows.reindex(columns=["kind", "code"]).drop_duplicates()
    found: dict[str, set[str]] = {}
    for kind, code in zip(pairs["kind"], pairs["code"], strict=True):
        part = codes.named(kind, code) if isinstance(kind, str) and isinstance(code, str) else None
        told = found.setdefault(kind if isinstance(kind, str) else UNKNOWN_KIND, set())
        told.add(WHOLE if part is None else part.code)
    return {kind: frozenset(parts) for kind, parts in found.items()}
