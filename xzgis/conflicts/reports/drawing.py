"""What a report draws: lines in metres east and north of a local origin."""

from dataclasses import dataclass
from typing import Any

from xzgis.networks.terms import LifeState, RunColumns

DECIMALS = 3


@dataclass(frozen=True)
class Drawing:
    """Lines around a work.

    Attributes
    ----------
    origin_m
        East and north that were subtracted, storage CRS.
    new, existing
        GeoJSON features with ``kind``, ``run`` and ``state``; coordinates minus the origin.
    """

    origin_m: tuple[float, float]
    new: tuple[dict[str, Any], ...]
    existing: tuple[dict[str, Any], ...]


def drawing_of(new: RunColumns, existing: RunColumns) -> Drawing:
    """The new runs and the candidates around them as features."""
    return Drawing(origin_m=new.origin_m, new=_features(new, "new"), existing=_features(existing, None))


def local(geometry: dict[str, Any], origin_m: tuple[float, float]) -> dict[str, Any]:
    """A GeoJSON geometry of the storage CRS, minus the origin."""
    if geometry["type"] == "GeometryCollection":
        return {**geometry, "geometries": [local(each, origin_m) for each in geometry["geometries"]]}
    return {**geometry, "coordinates": _moved(geometry["coordinates"], origin_m)}


def _moved(value: Any, origin_m: tuple[float, float]) -> Any:
    if value and isinstance(value[0], int | float):
        return [round(value[0] - origin_m[0], DECIMALS), round(value[1] - origin_m[1], DECIMALS)]
    return [_moved(each, origin_m) for each in value]


def _features(runs: RunColumns, state: str | None) -> tuple[dict[str, Any], ...]:
    states = tuple(LifeState)
    features = []
    for at in range(len(runs.run_id)):
        line = runs.xy_m[runs.offset[at] : runs.offset[at + 1]].round(DECIMALS).tolist()
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": line},
                "properties": {
                    "kind": runs.conditions[runs.condition[at]].kind,
                    "run": str(int(runs.run_id[at])),
                    "state": state or states[runs.life[at]].value,
                },
            }
        )
    return tuple(features)
