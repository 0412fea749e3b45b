"""Lines of files beside which nobody says what stands at their points: chambers may be there that were not judged."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.chamber_sizes import UNKNOWN_KIND
from xzgis.networks.terms import Delivery, RunColumns

SAYING = ("appurtenance", "feature", "chamber_depth_m")
"""Columns of a point that say what stands there; a survey fills one of them at every point."""


def kinds_without_points(
    near: RunColumns, deliveries: Iterable[Delivery], catalogue: Catalogue
) -> tuple[dict[str, Any], ...]:
    """Kinds of the lines ``near``, sorted, of which no point of ``deliveries`` says what stands there.

    A file of lines alone, or points that have a number and a place only. One point that says it is taken as the sign
    that the kind's points were delivered.
    """
    told = {kind for delivery in deliveries for kind in _kinds_told(delivery)}
    given = {near.conditions[at].kind for at in np.unique(near.condition).tolist()}
    known = (catalogue.kinds[token] for token in sorted(given - told))
    return tuple({"kind": kind.token, "words": {"zh": kind.zh, "en": kind.en}} for kind in known)


def _kinds_told(delivery: Delivery) -> set[str]:
    points = delivery.points
    says = points[list(SAYING)].notna().any(axis=1)
    return {kind if isinstance(kind, str) else UNKNOWN_KIND for kind in points.loc[says, "kind"].unique()}
