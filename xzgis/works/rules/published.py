"""The published shape of the work document; ``docs/schemas/work.schema.json`` is made from it."""

import json

from xzgis.works.terms import WorkDocument


def schema_text() -> str:
    """The JSON Schema as kept in ``docs/schemas/work.schema.json``."""
    return json.dumps(WorkDocument.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
