"""Where somebody looked: coverage made from a batch, drawn, changed and withdrawn.

Coverage is what turns "nothing was found" into "there is nothing"; so it never claims more than can be shown:
the ground within ``coverage_reach_m`` (layers/limits.toml) of a surveyed line or point that the batch brought, and no
gap closed. Round ends are drawn as polygons inside the circle, so the claim errs to the small side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geoalchemy2.shape import to_shape
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue.queries import catalogue as catalogue_in_force
from xzgis.catalogue.terms import Catalogue
from xzgis.core.actor import Actor
from xzgis.core.city_time import CITY_TIME
from xzgis.core.copying import copy_rows
from xzgis.core.db import stored
from xzgis.core.errors import Invalid, NotAllowed, NotFound
from xzgis.core.lens import as_it_is, sight_of
from xzgis.core.words import Words
from xzgis.networks.actions.records import Rows
from xzgis.networks.actions.register import MOMENT, take_object_ids
from xzgis.networks.actions.unknown_ground import unknown_in
from xzgis.networks.events import CoverageMade, CoverageRemoved, CoverageSet
from xzgis.networks.models import Coverage, Node, Run
from xzgis.networks.rules.claims import check_claim
from xzgis.networks.rules.covered_ground import MOST_VERTICES, Looked, areas_of, looked_at
from xzgis.networks.rules.cut_ground import without_ground
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.rules.surveyed import Evidence, evidence
from xzgis.spatial.extent import extent_of

FROM_BATCH = "lines_of_batch"


@dataclass(frozen=True)
class Ground:
    """The ground that the records of a batch show to be looked at, kind by kind, and the box around all of them."""

    looked: Mapping[str, Looked]
    around: Polygon | None


def ground_of(rows: Rows, runs: pd.DataFrame, *, reach_m: float, codes: PartialCodes) -> Ground:
    """The ground of a batch of ``rows``, of which the lines ``runs`` go into the register.

    All its points count: who says that the record stands has looked there all the same. The ground of rows that stay
    out counts as looked at by nobody.
    """
    shown = evidence(rows.nodes.assign(surveyed_on=rows.point_days), rows.runs)
    looked = without_ground(looked_at(shown, runs, reach_m=reach_m, codes=codes), rows.out, reach_m=reach_m)
    return Ground(looked, extent_of(rows.nodes["place"], rows.runs["axis"]))


def cover_batch(
    session: Session,
    *,
    actor: Actor,
    batch_id: int,
    reach_m: float,
    now: datetime,
    looked: Mapping[str, Looked] | None = None,
) -> None:
    """Make the coverage of each kind from the lines and points that a batch brought.

    One coverage per kind; where that would have more than ``MOST_VERTICES`` vertices, one per kind and square of
    500 m, so that a check reads only what lies near the work.

    Parameters
    ----------
    reach_m
        How far from a line or point the ground counts as looked at: ``coverage_reach_m`` of the layers.
    looked
        What :func:`xzgis.networks.rules.covered_ground.looked_at` makes of the batch; None: the register is asked.
    """
    if looked is None:
        shown, runs = _brought(session, batch_id)
        looked = looked_at(shown, runs, reach_m=reach_m, codes=PartialCodes.of(catalogue_in_force()))
    found = looked
    rows = pd.DataFrame(
        [(kind, area, one.surveyed_on) for kind, one in found.items() for area in one.areas],
        columns=["kind", "area", "surveyed_on"],
        dtype=object,
    )
    rows = rows.assign(
        object_id=take_object_ids(session, len(rows)), method=FROM_BATCH, note=f"{reach_m:g} m"
    )
    target = Coverage.__table__
    assert isinstance(target, Table)
    copy_rows(session, target, rows, {"batch_id": batch_id, "known_from": now})
    for kind, one in found.items():
        area_m2 = round(sum(area.area for area in one.areas), 1)
        event = CoverageMade(str(batch_id), kind=kind, areas=len(one.areas), area_m2=area_m2, reach_m=reach_m)
        record(session, actor=actor, event=event, now=now, place=extent_of(one.areas))
    session.flush()


def _brought(session: Session, batch_id: int) -> tuple[Evidence, pd.DataFrame]:
    """What shows that somebody looked, and the lines, as the batch brought them and still current."""
    said = ["kind", "code", "life_state", "accuracy_class"]
    frames = []
    for table, shape, more in (
        (Node, "place", ["object_id"]),
        (Run, "axis", ["surveyed_on", "from_node_id", "to_node_id"]),
    ):
        names = [*said, *more]
        asked = select(func.st_asbinary(getattr(table, shape)), *(getattr(table, name) for name in names))
        found = session.execute(asked.where(table.batch_id == batch_id, table.known_to.is_(None))).all()
        frame = pd.DataFrame(found, columns=[shape, *names], dtype=object)
        frame[shape] = shapely.from_wkb([bytes(one) for one in frame[shape]])
        frames.append(frame)
    nodes, runs = frames
    row_of = {identity: row for row, identity in enumerate(nodes["object_id"])}
    ends = {end: runs[f"{end}_id"].map(row_of).fillna(-1) for end in ("from_node", "to_node")}
    return evidence(nodes, runs.assign(**ends)), runs


def set_coverage(
    session: Session,
    *,
    actor: Actor,
    object_id: int | None,
    area: BaseGeometry,
    facts: Mapping[str, Any],
    now: datetime,
    catalogue: Catalogue,
) -> Coverage:
    """Draw a coverage, or give one a new version; the old one stays in the history.

    A new version shows nothing of ground that batches left unknown: who looked there since draws it as a new one.
    It can make a check say "nothing there", so only what somebody can have looked at is taken.

    Parameters
    ----------
    object_id
        None draws a new one.
    area
        Polygon or multipolygon in the storage CRS. What is not valid is refused, never repaired.
    facts
        ``kind`` (needed for a new one), ``surveyed_on``, ``surveyed_by``, ``method``, ``quality``, ``note``.
    """
    sound = checked_area(area)
    known: dict[str, Any] = {"method": "drawn"}
    moment, batch_id = now, None
    if object_id is not None:
        before = coverage_to_change(session, object_id)
        moment = max(now, before.known_from + MOMENT)
        known = {name: getattr(before, name) for name in FACTS}
        batch_id, before.known_to = before.batch_id, moment
        sound = _but_unknown(session, str(facts.get("kind") or before.kind), sound)
        session.flush()
    strange = sorted(set(facts) - set(FACTS))
    if strange:
        raise Invalid(
            Words(f"覆盖范围没有这些属性：{'、'.join(strange)}。", f"Coverage has no {', '.join(strange)}.")
        )
    check_claim(sound, known | dict(facts), today=now.astimezone(CITY_TIME).date(), catalogue=catalogue)
    coverage = Coverage(
        object_id=object_id or int(take_object_ids(session, 1)[0]),
        area=stored(sound),
        batch_id=batch_id,
        known_from=moment,
        **(known | dict(facts)),
    )
    session.add(coverage)
    _tell(session, coverage, sound, actor=actor, now=now)
    session.flush()
    mine = select(Coverage.version_id).where(Coverage.version_id == coverage.version_id)
    if sight_of(session) is not None and session.scalar(mine) is None:
        raise NotAllowed(
            Words(
                "覆盖范围超出您的数据权限（种类或区域）。",
                "The coverage reaches beyond your data rights (kind or area).",
            )
        )
    return coverage


def _but_unknown(session: Session, kind: str, area: MultiPolygon) -> MultiPolygon:
    """The area without what is unknown now: an edit may begin at a picture older than that."""
    left = areas_of(area.difference(unknown_in(session, kind, area)))
    if left.is_empty:
        raise Invalid(
            Words(
                "此范围内全是未入库的行周围的地面，不算已普查；若此后已现场普查，请另画新的覆盖范围。",
                "All of this ground lies round rows that stayed out of the register and does not count as surveyed; "
                "if somebody looked there since, draw a new coverage.",
            )
        )
    return left


FACTS = ("kind", "surveyed_on", "surveyed_by", "method", "quality", "note")


def remove_coverage(session: Session, *, actor: Actor, object_id: int, reason: str, now: datetime) -> None:
    """Withdraw a coverage: from now on nobody is known to have looked there."""
    before = coverage_to_change(session, object_id)
    before.known_to = max(now, before.known_from + MOMENT)
    event = CoverageRemoved(object_id=str(object_id), kind=before.kind, reason=reason)
    record(session, actor=actor, event=event, now=now, place=area_of(before))
    session.flush()


def checked_area(area: BaseGeometry) -> MultiPolygon:
    """The area as a multipolygon, once it is known to be one that may be stored."""
    if not isinstance(area, Polygon | MultiPolygon) or area.is_empty:
        raise Invalid(Words("覆盖范围必须是一个面。", "Coverage must be a polygon."))
    if shapely.get_num_coordinates(area) > MOST_VERTICES:
        raise Invalid(
            Words(
                f"覆盖范围的顶点超过 {MOST_VERTICES} 个，请简化。",
                f"More than {MOST_VERTICES} vertices: simplify it.",
            )
        )
    flat = shapely.force_2d(area)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise Invalid(Words("覆盖范围有不是数的坐标。", "A coordinate of the coverage is not a number."))
    if not flat.is_valid:
        why = shapely.is_valid_reason(flat)
        raise Invalid(
            Words(
                f"覆盖范围的面不合法（{why}）；请改正后重试。", f"The polygon is not valid ({why}); mend it."
            )
        )
    return areas_of(flat)


def area_of(coverage: Coverage) -> MultiPolygon:
    """The ground of a coverage in the storage CRS."""
    shape = to_shape(coverage.area)
    assert isinstance(shape, MultiPolygon)
    return shape


def _tell(session: Session, coverage: Coverage, area: MultiPolygon, *, actor: Actor, now: datetime) -> None:
    event = CoverageSet(
        object_id=str(coverage.object_id),
        kind=coverage.kind,
        area_m2=round(area.area, 1),
        method=coverage.method,
        batch_id=coverage.batch_id,
    )
    record(session, actor=actor, event=event, now=now, place=area)


def coverage_to_change(session: Session, object_id: int) -> Coverage:
    """The current version of a coverage, locked until the transaction ends: whoever shows one compares ``version_id``.

    Raises
    ------
    NotFound
        There is none, or none that may be seen.
    """
    asked = (
        select(Coverage).where(Coverage.object_id == object_id, Coverage.known_to.is_(None)).with_for_update()
    )
    is_seen = sight_of(session) is None or any(
        session.scalars(asked).one_or_none() is not None for _ in range(2)
    )
    with as_it_is(session):  # only the row itself can be locked, not a picture of it
        # Again: whoever waited for another editor finds that version closed, and the next one only then.
        found = session.scalars(asked).one_or_none() or session.scalars(asked).one_or_none()
    if found is None or not is_seen:
        raise NotFound(Words(f"没有编号 {object_id} 的覆盖范围。", f"There is no coverage {object_id}."))
    return found
