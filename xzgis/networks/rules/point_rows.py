"""The rows of one point in a table with one row per connection, brought to one row of the point."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.formats.tables import RawTable
from xzgis.networks.rules.numbers import figure, number_keys, plain, text_or_none
from xzgis.networks.terms import IntakeFinding

# Of the point itself, whichever of its rows tells it. State and source may be those of the line in the row.
_OF_POINT = (
    "north_m", "east_m", "ground_m", "feature", "appurtenance", "element_code", "chamber_depth_m", "chamber_bottom_m",
    "offset_point", "visibility", "owner", "road", "built_on", "surveyed_on",
)  # fmt: skip
# Told differently the first stands (something is there); of the others nothing tells which is right.
_FIRST_STANDS = ("appurtenance", "feature")
_UNKNOWN = ("chamber_depth_m", "chamber_bottom_m", "visibility")


def one_row_each(points: pd.DataFrame) -> tuple[pd.DataFrame, list[IntakeFinding]]:
    """The first row of every point, each field of it from the first row that tells it, and where rows differ.

    Places and ground levels that differ are :func:`contradictions`.
    """
    keys = points[["code"]].assign(number=number_keys(points["point_no"]))
    is_first = (~keys.duplicated()).to_numpy()
    first = points[is_first].reset_index(drop=True)
    if is_first.all():
        return first, []
    group = keys.groupby(["code", "number"], dropna=False, sort=False).ngroup().to_numpy()
    has_number = points["point_no"].notna().to_numpy()
    found: list[IntakeFinding] = []
    for field in _OF_POINT:
        told = text_or_none(points[field])
        says = told.notna().to_numpy() & has_number
        one = told[says].groupby(group[says]).first()
        filled = one.reindex(group[is_first]).to_numpy(dtype=object)
        first[field] = first[field].where(pd.isna(filled), filled)
        if field not in (*_FIRST_STANDS, *_UNKNOWN):
            continue
        alike = told.map({text: _sense(text) for text in told[says].unique()})
        mine = one.map(_sense).reindex(group).to_numpy(dtype=object)
        differs = says & (alike.to_numpy(dtype=object) != mine)
        found += _differing(points[differs], field, one.reindex(group[differs]).to_numpy(dtype=object))
        if field in _UNKNOWN:
            first.loc[np.isin(group[is_first], group[differs]), field] = None
    return first, found


def _sense(text: str) -> str | float:
    """What a cell says: 2.5 and 2.50 are one depth."""
    number = figure(text)
    return plain(text).casefold() if number is None else number


def _differing(rows: pd.DataFrame, field: str, told: npt.NDArray[np.object_]) -> list[IntakeFinding]:
    zh, en = (
        ("以先填的为准", "the first counts") if field in _FIRST_STANDS else ("按未知处理", "taken as unknown")
    )
    return [
        IntakeFinding(
            "R15",
            "warning",
            Words(
                f"点 {row.point_no} 的各行所填不一（“{getattr(row, field)}”，前面一行为“{first}”），{zh}",
                f"The rows of point {row.point_no} differ ({getattr(row, field)!r}, in an earlier row {first!r}); {en}",
            ),
            Words("核对该点各行，改为一致", "Compare the rows of the point and make them agree"),
            file=str(row.file),
            sheet=row.sheet if isinstance(row.sheet, str) else None,
            row=int(str(row.row)),
            field=field,
            value=str(getattr(row, field)),
            table="points",
        )
        for row, first in zip(rows.itertuples(), told, strict=True)
    ]


def contradictions(table: RawTable, points: pd.DataFrame) -> list[IntakeFinding]:
    """A point that appears in several rows must stand in one place; where it does not, all of its rows are wrong."""
    number = ["code", "number"]
    place = points[["code", "point_no", "north_m", "east_m", "ground_m"]]
    # By the key by which rows become one point: told otherwise, a point in another place would vanish unseen.
    place = place.assign(number=number_keys(place["point_no"]))
    place = place[place["north_m"].notna()].drop_duplicates([*number, "north_m", "east_m", "ground_m"])
    doubled = place[place.duplicated(number, keep=False)]
    return [
        IntakeFinding(
            code="R11",
            level="error",
            words=Words(
                f"点 {row.point_no} 在多行中的坐标或地面高程不一致。",
                f"Point {row.point_no} has different places or ground levels in different rows.",
            ),
            remedy=Words(
                "改正坐标，或为其中一点另编点号。", "Correct the figures, or renumber one of the points."
            ),
            file=table.file,
            sheet=table.sheet,
            row=int(table.row[int(str(row.Index))]),
            field="point_no",
            value=str(row.point_no),
        )
        for row in doubled.itertuples()
    ]
