"""Values of the register's own export that somebody may have edited: told row by row, never taken for something else."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.terms import IntArray, LifeState
from xzgis.spatial.crs import Displacement

EDITED = Words("请核对文件是否被改动，或重新导出", "See whether the file was edited, or export again")
NEEDED = ("kind", "life_state", "accuracy_class", "sigma_plan_m", "sigma_level_m")
LISTED = ("pressure_class", "depth_reference", "material", "burial", "shape")
"""Columns that hold a token of the code list of the same name, or nothing."""
LARGEST_WHOLE = 2.0**53
POLYGONS = (3, 6)
"""Types of a polygon and of several, as shapely numbers them."""


def tell_unreadable(rows: pd.DataFrame, bad: npt.NDArray[np.bool_], name: str, doubts: Doubts) -> None:
    """An error for every row whose value of the column cannot be read."""
    doubts.rows(
        rows, bad, name, code="R35", level="error",
        told=(lambda value: Words(f"值“{value}”无法读取", f"The value {value!r} cannot be read"), EDITED),
    )  # fmt: skip


def tell_foreign(rows: pd.DataFrame, bad: npt.NDArray[np.bool_], name: str, doubts: Doubts) -> None:
    """An error for every row whose value the register does not know."""
    doubts.rows(
        rows, bad, name, code="R32", level="error",
        told=(lambda value: Words(f"值“{value}”不能入库", f"The register has no {value!r} here"), EDITED),
    )  # fmt: skip


def whole_numbers(rows: pd.DataFrame, name: str, doubts: Doubts) -> IntArray:
    """A column of whole numbers, 0 where there is none; what is no whole number is told."""
    if name not in rows:
        return np.zeros(len(rows), np.int64)
    numbers = pd.to_numeric(rows[name], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    is_whole = (np.abs(numbers) < LARGEST_WHOLE) & (numbers == np.floor(numbers))
    tell_unreadable(rows, rows[name].notna().to_numpy(np.bool_) & ~is_whole, name, doubts)
    return np.where(is_whole, numbers, 0.0).astype(np.int64)


def identities(nodes: pd.DataFrame, doubts: Doubts) -> pd.Series:
    """Row by identity of the nodes; an identity that stands twice is told, and its first row counts."""
    if not len(nodes):
        return pd.Series(np.zeros(0, np.int64), index=np.zeros(0, np.int64))
    numbers = pd.Series(np.arange(len(nodes)), index=whole_numbers(nodes, "object_id", doubts))
    again = np.asarray(numbers.index.duplicated())
    doubts.rows(
        nodes, again, "object_id", code="R32", level="error",
        told=(lambda value: Words(f"标识 {value} 在文件中不止一次", f"The identity {value} stands more than once"),
              EDITED),
    )  # fmt: skip
    return numbers[~again]


def assumptions_of(rows: pd.DataFrame, catalogue: Catalogue, doubts: Doubts) -> npt.NDArray[np.object_]:
    """Tokens joined by semicolons, "" where nothing was assumed, None where that was not kept."""
    joined = np.full(len(rows), None, dtype=object)
    if "assumptions" not in rows:
        return joined
    known = {value.token for value in catalogue.codes["assumption"]}
    unreadable, foreign = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    for at, cell in enumerate(rows["assumptions"]):
        if not isinstance(cell, str):
            continue
        tokens = _texts(cell)
        if tokens is None:
            unreadable[at] = True
        elif not known.issuperset(tokens):
            foreign[at] = True
        else:
            joined[at] = ";".join(tokens)
    tell_unreadable(rows, unreadable, "assumptions", doubts)
    tell_foreign(rows, foreign, "assumptions", doubts)
    return joined


def _texts(cell: str) -> list[str] | None:
    try:
        told = json.loads(cell)
    except ValueError:
        return None
    return told if isinstance(told, list) and all(isinstance(one, str) for one in told) else None


def displacement_of(cell: Any) -> Displacement:
    """The mark of displaced test data out of a cell.

    Raises
    ------
    Invalid
        It is no such mark: whether the records lie where they say cannot be known then.
    """
    try:
        return Displacement(**json.loads(str(cell)))
    except (ValueError, TypeError) as error:
        raise Invalid(
            Words(
                f"displaced 列的“{str(cell)[:60]}”不是移位标记，无法知道数据是否真在此处；请重新导出。",
                f"{str(cell)[:60]!r} in the column displaced is no mark, so nobody can tell whether the records lie "
                "there: export again.",
            )
        ) from error


def check_coverage(rows: pd.DataFrame, shapes: npt.NDArray[np.object_], catalogue: Catalogue) -> None:
    """Refuse an edited coverage: it is believed as told, and rows of it cannot be left out one by one.

    Raises
    ------
    Invalid
        A row whose kind nobody defined, whose day is none, or whose area is no sound polygon.
    """
    if not len(rows):
        return
    days = pd.to_datetime(rows["surveyed_on"].astype(object), errors="coerce", format="ISO8601")
    wrong = {
        "kind": ~rows["kind"].isin(list(catalogue.kinds)).to_numpy(np.bool_),
        "surveyed_on": (rows["surveyed_on"].notna() & days.isna()).to_numpy(np.bool_),
        "geometry": ~(np.isin(shapely.get_type_id(shapes), POLYGONS) & shapely.is_valid(shapes)),
    }
    for name, bad in wrong.items():
        for at in np.flatnonzero(bad)[:1]:
            place = f"{rows['file'].iloc[at]} · {rows['sheet'].iloc[at]} · {rows['row'].iloc[at]}"
            raise Invalid(
                Words(
                    f"普查范围（{place}）的 {name} 不能采用。{EDITED.zh}。",
                    f"The {name} of a coverage ({place}) cannot be taken. {EDITED.en}.",
                )
            )


def tell_unsound(frame: pd.DataFrame, catalogue: Catalogue, doubts: Doubts) -> None:
    """Tell what an edited file may lack or invent: the register needs it, and no reading can put it right."""
    known: Mapping[str, Any] = {"kind": catalogue.kinds, "life_state": {one.value for one in LifeState}}
    for name in NEEDED:
        values = frame[name]
        bad = values.isna() if name not in known else ~values.isin(list(known[name]))
        tell_foreign(frame, bad.to_numpy(np.bool_), name, doubts)
    for name in LISTED:
        if name in frame:
            # A word nobody defined would meet no condition, and a rule not be asked.
            tokens = [value.token for value in catalogue.codes[name]]
            bad = frame[name].notna() & ~frame[name].isin(tokens)
            tell_foreign(frame, bad.to_numpy(np.bool_), name, doubts)
    if "flow" in frame:
        tell_foreign(frame, ~frame["flow"].isin([-1, 0, 1]).to_numpy(np.bool_), "flow", doubts)
