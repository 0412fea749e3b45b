"""Parcels, buildings and saved works that were clicked on the map."""

import json
from typing import Any

from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.land.queries import grounds
from xzgis.works.queries.saved import named_works


def land_and_works(
    actor: Actor, parcels: list[int], buildings: list[int], works: list[int]
) -> list[dict[str, Any]]:
    """What stands on the ground at a place: saved works first, then buildings and parcels."""
    if not (parcels or buildings or works):
        return []
    with transaction(actor) as session:
        found: list[dict[str, Any]] = [
            {"what": "work", "id": work.id, "label": work.name, "kind": work.kind, "starts_on": work.starts_on,
             "ends_on": work.ends_on}
            for work in named_works(session, works)
        ]  # fmt: skip
        found += [
            {"what": each.what, "id": each.id, "label": each.label, "use": each.use, "storeys": each.storeys,
             "area_m2": each.area_m2, "shape": json.loads(each.shape)}
            for each in reversed(grounds(session, parcels=parcels, buildings=buildings))
        ]  # fmt: skip
    return found
