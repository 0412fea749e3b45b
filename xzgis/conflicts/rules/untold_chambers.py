"""Lines beside which nobody says what stands at their points: chambers may be there that were not judged."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.rules.told_points import kinds_told
from xzgis.networks.terms import Delivery, RunColumns


def kinds_without_points(
    near: RunColumns, deliveries: Iterable[Delivery], catalogue: Catalogue
) -> tuple[dict[str, Any], ...]:
    """Kinds of the lines ``near`` of which no point of ``deliveries`` says what stands there, see :func:`as_told`.

    A file of lines alone, or points that have a number and a place only.
    """
    given_points, given_lines = zip(*((one.points, one.lines) for one in deliveries), strict=True)
    told = kinds_told(pd.concat(given_points), pd.concat(given_lines), PartialCodes.of(catalogue))
    given = {near.conditions[at].kind for at in np.unique(near.condition).tolist()}
    return as_told(given - told, catalogue)


def as_told(kinds: Iterable[str], catalogue: Catalogue) -> tuple[dict[str, Any], ...]:
    """The kinds as the findings document tells them, sorted."""
    known = (catalogue.kinds[token] for token in sorted(set(kinds)))
    return tuple({"kind": kind.token, "words": {"zh": kind.zh, "en": kind.en}} for kind in known)
