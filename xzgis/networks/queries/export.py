"""The register as plain frames, to be written as files."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from xzgis.core.db import STORAGE_SRID, stored
from xzgis.networks.models import Batch, Coverage, Node, Road, Run
from xzgis.networks.queries.counted_ground import counted_area

ROWS_AT_ONCE = 100_000
Table = type[Run] | type[Node] | type[Coverage] | type[Road]
LAYERS: dict[str, tuple[Table, str]] = {
    "runs": (Run, "axis"),
    "nodes": (Node, "place"),
    "coverage": (Coverage, "area"),
    "roads": (Road, "shape"),
}
# Whether a record's batch is invented, and how far test data of another place was displaced: a file that loses
# this is taken for real ground.
MARKS = (Batch.is_invented, Batch.crs["displaced"].label("displaced"))
# What only this database knows.
INNER = ("version_id", "known_to")


def export_frames(
    session: Session, layer: str, *, kinds: Sequence[str] = (), within: BaseGeometry | None = None
) -> Iterator[gpd.GeoDataFrame]:
    """What is current of one layer (``runs``, ``nodes``, ``coverage``, ``roads``), in pieces, by kind and identity.

    Every column of the table under its own name, the name and marks of the batch, the shape in the storage CRS. Levels
    per vertex of ``runs`` are JSON lists with null where unknown. An empty layer is one empty frame. Roads are of no
    kind and come whole, coverage as far as it counts. ``within``: what touches this area only, storage CRS; None everywhere.
    """
    table, shape = LAYERS[layer]
    columns = [column for column in table.__table__.columns if column.name not in (shape, *INNER)]
    told = counted_area() if table is Coverage else getattr(table, shape)
    asked = select(
        *(Road.id.label("road_id") if column is Road.__table__.c.id else column for column in columns),
        Batch.name.label("batch_name"),
        *MARKS,
        func.st_asbinary(told).label("shape_wkb"),
    ).outerjoin(Batch, Batch.id == table.batch_id)
    if issubclass(table, Road):
        asked = asked.where(Batch.undone_at.is_(None)).order_by(Road.id)
    else:
        asked = asked.where(table.known_to.is_(None)).order_by(table.kind, table.object_id)
        asked = asked.where(table.kind.in_(kinds)) if kinds else asked
    if table is Coverage:
        asked = asked.where(~func.st_isempty(told))
    if within is not None:
        asked = asked.where(func.st_intersects(getattr(table, shape), stored(within)))
    rows = session.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE})
    names = list(rows.keys())
    # Lists and documents travel as JSON text: not every file format of maps has them.
    as_text = ["displaced", *(column.name for column in columns if isinstance(column.type, ARRAY | JSONB))]
    found = False
    for part in rows.partitions():
        found = True
        yield _frame(pd.DataFrame([tuple(row) for row in part], columns=names), as_text)
    if not found:
        yield _frame(pd.DataFrame(columns=names), as_text)


def _frame(rows: pd.DataFrame, as_text: Sequence[str]) -> gpd.GeoDataFrame:
    shapes = shapely.from_wkb(rows.pop("shape_wkb").map(bytes, na_action="ignore").to_numpy(object))
    for name in as_text:
        rows[name] = rows[name].map(_text).astype("str")
    return gpd.GeoDataFrame(rows.convert_dtypes(), geometry=list(shapes), crs=f"EPSG:{STORAGE_SRID}")


def _text(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else None
