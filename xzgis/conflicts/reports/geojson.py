"""Findings as GeoJSON in the storage CRS, which the file names."""

from typing import Any

from xzgis.conflicts.reports.document import document, in_lines
from xzgis.conflicts.terms import CheckResult

CRS_MEMBER = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}


def as_geojson(result: CheckResult) -> str:
    """One feature for each finding; beside them all else that the document says, its doubts too."""
    told = document(result)
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "crs": CRS_MEMBER,
        "features": [_feature(finding) for finding in told["findings"]],
        "versions": told["versions"],
        "verdict": told["verdict"],
        "counts": told["counts"],
        "invented": bool(result.checked.get("invented")),
        "not_covered": told["not_covered"],
        "checked": told["checked"],
    }
    return in_lines(collection)


def _feature(finding: dict[str, Any]) -> dict[str, Any]:
    properties = {key: value for key, value in finding.items() if key != "geometry"}
    return {"type": "Feature", "id": finding["id"], "geometry": finding["geometry"], "properties": properties}
