"""Examples and shapes of the check."""

from typing import Any

from xzgis.conflicts.reports.formats import FORMATS
from xzgis.conflicts.reports.schema import FindingsDocument

WORK_EXAMPLE: dict[str, Any] = {
    "name": "解放路中压燃气管",
    "crs": "EPSG:4548",
    "runs": [
        {
            "kind": "gas",
            "axis": [[516900.0, 3792600.0], [517100.0, 3792612.0]],
            "section": {"shape": "circle", "diameter_mm": 200},
            "depth": {"cover_m": 1.2},
            "pressure_class": "medium_A",
            "burial": "direct_buried",
            "method": "open_cut",
        }
    ],
    "surface": "carriageway",
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "model": FindingsDocument,
        "description": "The findings document, or the answer in the format asked for",
        "content": {each.media_type: {} for each in FORMATS.values() if each.name != "json"},
    }
}
