"""Rows whose code several kinds share: asked about once for all by the reading (R08), and out until it is answered."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.rules.codes import normal
from xzgis.catalogue.terms import KindCode
from xzgis.networks.terms import IntakeFinding


def codes_asked(findings: Iterable[IntakeFinding], listed: Iterable[KindCode]) -> set[str]:
    """Delivered codes that a list knows, and of which an R08 asks what kind they are."""
    asked = _asked(findings)
    known = {normal(one.code) for one in listed} if asked else set()
    return {code for code in asked if normal(code) in known}


def of_asked_kind(frame: pd.DataFrame, findings: Iterable[IntakeFinding]) -> npt.NDArray[np.bool_]:
    """``(n,)`` rows of ``frame`` without a kind because their code is asked about."""
    asked = _asked(findings)
    if not asked:
        return np.zeros(len(frame), np.bool_)
    found: npt.NDArray[np.bool_] = (frame["kind"].isna() & frame["code"].isin(asked)).to_numpy(
        np.bool_, copy=True
    )
    return found


def _asked(findings: Iterable[IntakeFinding]) -> set[str]:
    return {one.value for one in findings if one.code == "R08" and one.level == "error" and one.value}
