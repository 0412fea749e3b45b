"""What a person looks at before a delivery goes into the register: lines on a map, rows in a table."""

from typing import Any

import numpy as np
import pandas as pd

from xzgis.networks.terms import Delivery

LINE_FACTS = (
    "row",
    "code",
    "kind",
    "label",
    "section_text",
    "nominal_width_mm",
    "nominal_height_mm",
    "material",
    "burial",
    "start_depth_m",
    "end_depth_m",
)
LINE_SHOWN = (*LINE_FACTS, "pressure_class", "voltage_kv", "owner", "accuracy_class", "assumptions")
LINE_LEVELS = ("start_crown_m", "start_bottom_m", "end_crown_m", "end_bottom_m")
POINT_SHOWN = ("row", "code", "kind", "point_no", "x_raw", "y_raw", "east_m", "north_m", "ground_m", "feature",
               "appurtenance", "accuracy_class")  # fmt: skip


def preview_lines(delivery: Delivery, *, most: int) -> dict[str, Any]:
    """At most ``most`` lines as a feature collection in EPSG:4548, evenly taken; ``shown`` and ``of`` say how many."""
    lines, vertices = delivery.lines, delivery.vertices
    placed = np.flatnonzero(np.diff(vertices.offset) >= 2)
    taken = placed if len(placed) <= most else placed[np.linspace(0, len(placed) - 1, most).astype(np.int64)]
    records = _records(lines.iloc[taken], LINE_FACTS)
    features = []
    for line, facts in zip(taken, records, strict=True):
        part = slice(vertices.offset[line], vertices.offset[line + 1])
        features.append(
            {
                "type": "Feature",
                "id": int(line),
                "properties": facts,
                "geometry": {"type": "LineString", "coordinates": np.round(vertices.xy_m[part], 3).tolist()},
            }
        )
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}},
        "shown": len(features),
        "of": len(placed),
        "features": features,
    }


def preview_rows(delivery: Delivery, table: str, *, start: int, most: int) -> list[dict[str, Any]]:
    """Rows ``start`` to ``start + most`` of ``points`` or ``lines`` with derived levels, as JSON values."""
    if table == "points":
        return _records(delivery.points.iloc[start : start + most], POINT_SHOWN)
    rows = _records(delivery.lines.iloc[start : start + most], LINE_SHOWN)
    vertices = delivery.vertices
    for index, row in enumerate(rows, start=start):
        first, last = int(vertices.offset[index]), int(vertices.offset[index + 1]) - 1
        for name, levels in (("crown", vertices.crown_m), ("bottom", vertices.bottom_m)):
            for end, at in (("start", first), ("end", last)):
                known = last >= first and bool(np.isfinite(levels[at]))
                row[f"{end}_{name}_m"] = round(float(levels[at]), 3) if known else None
    return rows


def _records(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    shown = frame[list(columns)].astype(object)
    return [
        {str(name): value.item() if hasattr(value, "item") else value for name, value in row.items()}
        for row in shown.where(shown.notna(), None).to_dict("records")
    ]
