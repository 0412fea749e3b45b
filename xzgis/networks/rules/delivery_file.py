"""A delivery between reading and acceptance, kept as one file."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from xzgis.formats.bundle import Bundle, read_bundle, read_bundle_facts, write_bundle
from xzgis.networks.terms import (
    LINE_COLUMNS,
    POINT_COLUMNS,
    DeliveredFile,
    Delivery,
    Vertices,
)
from xzgis.spatial.crs import CrsDecision, Displacement


def write_delivery(delivery: Delivery, path: Path) -> None:
    """Keep ``delivery`` at ``path``; its findings are kept with the batch, not here."""
    crs = delivery.crs
    facts = {
        "intake": delivery.intake,
        "files": [asdict(one) for one in delivery.files],
        "facts": dict(delivery.facts),
        "crs": {
            "decided": crs.decided,
            "how": crs.how,
            "swapped_axes": crs.swapped_axes,
            "height_datum": crs.height_datum,
            "displaced": None if crs.displaced is None else asdict(crs.displaced),
        },
    }
    vertices = delivery.vertices
    arrays = {name: getattr(vertices, name) for name in ("offset", "xy_m", "crown_m", "bottom_m", "ground_m")}
    frames = {
        "points": _storable(delivery.points, POINT_COLUMNS),
        "lines": _storable(delivery.lines, LINE_COLUMNS),
    }
    write_bundle(Bundle(frames=frames, arrays=arrays, facts=facts), path)


def read_delivery(path: Path) -> Delivery:
    """The delivery kept at ``path``, without its findings."""
    bundle = read_bundle(path)
    told = bundle.facts["crs"]
    displaced = told.pop("displaced")
    return Delivery(
        intake=bundle.facts["intake"],
        files=tuple(DeliveredFile(**one) for one in bundle.facts["files"]),
        crs=CrsDecision(**told, displaced=None if displaced is None else Displacement(**displaced)),
        points=_restored(bundle.frames["points"], POINT_COLUMNS),
        lines=_restored(bundle.frames["lines"], LINE_COLUMNS),
        vertices=Vertices(**bundle.arrays),
        findings=(),
        facts=bundle.facts["facts"],
    )


def read_facts(path: Path) -> dict[str, Any]:
    """Only the facts of the delivery kept at ``path``: fast whatever its size."""
    facts: dict[str, Any] = read_bundle_facts(path)["facts"]
    return facts


def _storable(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    return frame[list(columns)].reset_index(drop=True)


def _restored(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    restored: dict[str, Any] = {}
    for name, kind in columns.items():
        values = frame[name]
        if kind in ("text", "date"):
            restored[name] = _objects(values)
            continue
        if kind == "flag":
            values = values.astype("boolean")
        restored[name] = values
    return pd.DataFrame(restored, copy=False)


def _objects(values: pd.Series) -> pd.Series:
    """Texts and dates as Python objects, equal ones one and the same, None where there is none."""
    told = pa.array(values, from_pandas=True)
    if isinstance(told, pa.ChunkedArray):
        told = told.combine_chunks()
    if pa.types.is_null(told.type):
        return pd.Series(np.full(len(values), None, dtype=object), dtype=object, copy=False)
    encoded = told.dictionary_encode()
    distinct = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    number = encoded.indices.fill_null(len(distinct) - 1).to_numpy(zero_copy_only=False)
    return pd.Series(distinct[number], dtype=object, copy=False)
