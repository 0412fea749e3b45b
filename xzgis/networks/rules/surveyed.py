"""Which records show that somebody looked where they lie: measured ones of lines that are in use.

A line drawn from a map, pointed out or planned tells where something is thought to be. Nobody walked there with a
detector for it, so the ground beside it is no more looked at than anywhere else
(docs/decisions/0050-only-measured-lines-show-that-somebody-looked.md).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.networks.terms import LifeState

MEASURED = ("visible_point", "hidden_point", "as_built")
"""The classes of ``layers/accuracy.csv`` that stand for a measurement in the field."""

Mask = npt.NDArray[np.bool_]


def surveyed(records: pd.DataFrame) -> Mask:
    """``(n,)`` which records (``life_state``, ``accuracy_class``) were measured and are in use; no state says in use."""
    state = records["life_state"]
    in_use = state.isna() | (state == LifeState.BUILT.value)
    mask: Mask = (in_use & records["accuracy_class"].isin(MEASURED)).to_numpy(np.bool_)
    return mask


@dataclass(frozen=True)
class Evidence:
    """What a delivery holds that shows that somebody looked.

    ``points``: ends of surveyed lines, and surveyed points that end no line (``is_alone``). ``lines``: those that
    :func:`surveyed` tells, whatever becomes of them in the register.
    """

    points: pd.DataFrame
    lines: pd.DataFrame


def evidence(points: pd.DataFrame, lines: pd.DataFrame) -> Evidence:
    """What of ``points`` and ``lines`` shows that somebody looked.

    ``lines`` name their ends by the rows of ``points`` in ``from_node`` and ``to_node``, negative or missing where there
    is none. A planned line has planned ends, whatever its points say of themselves.
    """
    on_surveyed, on_any = _ends(points, lines)
    seen = surveyed(points) & (on_surveyed | ~on_any)
    return Evidence(points[seen].assign(is_alone=~on_any[seen]), lines[surveyed(lines)])


def _ends(points: pd.DataFrame, lines: pd.DataFrame) -> tuple[Mask, Mask]:
    """``(n,)`` which points end a surveyed line, and which any line."""
    on_surveyed, on_any = np.zeros(len(points), np.bool_), np.zeros(len(points), np.bool_)
    by_survey = surveyed(lines)
    for end in ("from_node", "to_node"):
        rows = lines[end].astype("Int64").to_numpy(dtype=np.int64, na_value=-1)
        on_any[rows[rows >= 0]] = True
        on_surveyed[rows[(rows >= 0) & by_survey]] = True
    return on_surveyed, on_any
