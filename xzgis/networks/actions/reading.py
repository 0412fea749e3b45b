"""The front door: what a delivery is, read by the right reader, checked, and compared with the register."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.child import Progress
from xzgis.formats.sniff import recognise
from xzgis.networks.actions.known_facts import lines_known, points_known
from xzgis.networks.actions.read_features import read_features
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.actions.records import Mask, without_place
from xzgis.networks.queries.intake import (
    ends_of,
    ground_round,
    labels_of,
    nodes_near,
    same_nodes,
    same_runs,
)
from xzgis.networks.rules.checks.believed import checked
from xzgis.networks.rules.checks.places import dangling_ends
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.rules.known_facts import untold
from xzgis.networks.rules.known_findings import untold_facts
from xzgis.networks.rules.likeness import Standing, delivered_standing
from xzgis.networks.rules.matching import ends_staying
from xzgis.networks.rules.same_findings import MOST_NAMED, Held, other_lines, same_lines
from xzgis.networks.rules.survey import SurveyOptions
from xzgis.networks.terms import Delivery, IntakeFinding, IntArray


@dataclass(frozen=True)
class ReadOptions:
    """What a person says of a delivery beside its files; all of it may be left to the product.

    ``overrides``: column → our field. ``code_kinds``: delivered code → kind token. ``mapping``: how layers of features
    are understood. ``strict``: severities of the acceptance of a new survey. ``displace``: data of another
    place, laid over the city as test data. ``explode_blocks``: read the lines inside blocks of drawings too.
    """

    intake: str | None = None
    crs: str | None = None
    displace: bool = False
    strict: bool = False
    explode_blocks: bool = False
    encoding: str | None = None
    level_meaning: str | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    code_kinds: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, Any] | None = None

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "ReadOptions":
        """The options among what is kept with a batch; other entries are not ours."""
        return cls(**{one.name: told[one.name] for one in fields(cls) if told.get(one.name) is not None})


@dataclass(frozen=True)
class Limits:
    """Limits of the reading process, and who wants to know how far it is.

    ``placed_points`` is told the points as they stay, where they are known before the lines are worked out; ``believed``
    the delivery as it stays before it is checked: only a finding can keep a row of it out.
    """

    child: tuple[int, int] = (300, 8192)
    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None
    placed_points: Callable[[Delivery], None] = lambda _delivery: None
    believed: Callable[[Delivery], None] = lambda _delivery: None


@dataclass(frozen=True)
class Compared:
    """What the register says of a delivery: findings, and how much of it the register holds."""

    findings: tuple[IntakeFinding, ...]
    held: Held


def read_files(
    paths: Sequence[Path], *, options: ReadOptions, catalogue: Catalogue, limits: Limits | None = None
) -> tuple[Delivery, tuple[IntakeFinding, ...]]:
    """The delivery in ``paths`` and everything found in it; touches no database.

    Raises
    ------
    Invalid
        A file is missing, cannot be read, or survey tables and features come mixed in one delivery.
    """
    bounds = limits or Limits()
    ways = {_reader(path) for path in paths}
    if len(ways) != 1:
        raise Invalid(
            Words(
                "一次导入的文件须同为管点管线表，或同为图形文件；请分两批导入。",
                "The files of one import must all be survey tables or all be features; import them as two batches.",
            )
        )
    if ways == {"survey"}:
        delivery = _read_survey(paths, options, catalogue, bounds)
    else:
        delivery = read_features(
            paths,
            catalogue=catalogue,
            intake=options.intake,
            mapping=options.mapping,
            code_kinds=options.code_kinds,
            crs=options.crs,
            displace=options.displace,
            explode_blocks=options.explode_blocks,
            limits=bounds.child,
            progress=bounds.progress,
            cancelled=bounds.cancelled,
            placed_points=bounds.placed_points,
        )
    return checked(delivery, catalogue, strict=options.strict, believed=bounds.believed)


def _reader(path: Path) -> str:
    if not path.is_file():
        raise Invalid(Words(f"没有文件 {path}。", f"There is no file {path}."))
    return str(recognise(path).require(path.name).reader)


def _read_survey(
    paths: Sequence[Path], options: ReadOptions, catalogue: Catalogue, bounds: Limits
) -> Delivery:
    asked = SurveyOptions(
        intake=options.intake,
        overrides=options.overrides,
        code_kinds=options.code_kinds,
        crs=options.crs,
        displace=options.displace,
        encoding=options.encoding,
        level_meaning=options.level_meaning,
    )
    return read_survey(
        paths,
        catalogue=catalogue,
        options=asked,
        limits=bounds.child,
        progress=bounds.progress,
        cancelled=bounds.cancelled,
    )


def compare_with_register(session: Session, delivery: Delivery, catalogue: Catalogue) -> Compared:
    """What the register says of a delivery: lines it holds (D02), or may hold (D03); edges that do not meet (S25)."""
    kept = ~(without_place(delivery) | delivery.lines["kind"].isna().to_numpy(np.bool_))
    counts = np.diff(delivery.vertices.offset)
    offset = np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int64)
    xy_m = delivery.vertices.xy_m[np.repeat(kept, counts)]
    kind = delivery.lines["kind"].to_numpy(object)[kept]
    standing = delivered_standing(delivery, kept)
    factor = catalogue.limits.sigma_factor
    told = same_runs(session, kind, (offset, xy_m), standing, sigma_factor=factor)
    brought, placed = _brought(session, delivery)
    found = list(_edges(session, delivery, catalogue, brought, replaced=told.same[told.same > 0]))
    held = int((told.same > 0).sum())
    if held:
        found.append(same_lines(held))
    found += _untold(session, delivery, kept, (told.same, standing), brought, factor)
    rows = np.flatnonzero(told.unlike)
    held_as = np.where(told.unlike, told.nearest, told.same)
    if len(rows):
        nearest = told.nearest[rows[:MOST_NAMED]]
        names = labels_of(session, nearest)
        found += other_lines(
            delivery.lines[kept].iloc[rows],
            standing.at(rows),
            told.standing.at(rows),
            [names.get(int(one)) for one in nearest],
            xy_m[offset[:-1][rows]],
            {one.token: Words(one.zh, one.en) for one in catalogue.codes.get("pressure_class", ())},
            sigma_factor=factor,
        )
    return Compared(
        tuple(found),
        Held(
            points=int((brought > 0).sum()),
            points_of_lines=int(_ends_held(session, delivery, brought, held_as, kept).sum()),
            points_new=int((brought[placed] == 0).sum()),
            lines=held,
            others=len(rows),
            others_held=int((told.nearest[rows] > 0).sum()),
            lines_new=len(kind) - held - len(rows),
        ),
    )


def _untold(
    session: Session,
    delivery: Delivery,
    kept: Mask,
    same: tuple[IntArray, Standing],
    brought: IntArray,
    sigma_factor: float,
) -> list[IntakeFinding]:
    """D04 and D05: what the records know that the delivery replaces for certain, and the delivery does not tell.

    ``same``: which record each of the ``kept`` lines is, and how these lines stand.
    """
    rows = np.flatnonzero(same[0] > 0)
    lines = lines_known(
        session, delivery.lines[kept].iloc[rows], same[0][rows], same[1].at(rows), delivery.facts,
        sigma_factor=sigma_factor,
    )  # fmt: skip
    return untold_facts(untold(points_known(session, delivery.points, brought), lines))


def _brought(session: Session, delivery: Delivery) -> tuple[IntArray, Mask]:
    """The current node that each point of the delivery is, 0 where none; and which have a place and a kind."""
    placed = (np.isfinite(delivery.points["east_m"]) & delivery.points["kind"].notna()).to_numpy(np.bool_)
    points = delivery.points[placed]
    places = shapely.points(points[["east_m", "north_m"]].to_numpy(np.float64))
    points = points.assign(place=pd.Series(list(places), index=points.index, dtype=object))
    brought = np.zeros(len(placed), np.int64)
    brought[placed] = same_nodes(session, points)
    return brought, placed


def _ends_held(
    session: Session, delivery: Delivery, brought: IntArray, held_as: IntArray, kept: Mask
) -> Mask:
    """Points of the delivery that stay with its lines if these stay as registered; ``held_as``: as which record."""
    held = held_as > 0
    rows = [delivery.lines[f"{end}_point"].to_numpy(np.int64)[kept][held] for end in ("from", "to")]
    return ends_staying(brought, ends_of(session, held_as[held]), np.concatenate(rows))


def _neighbours(
    session: Session, ground: shapely.Polygon, brought: IntArray, replaced: IntArray
) -> pd.DataFrame:
    """Nodes on ``ground`` that stay beside the delivery: what it brings anew is no neighbour of it."""
    there = nodes_near(session, ground)
    if there.empty:
        return there
    gone = set(brought[brought > 0].tolist()) | ends_of(session, replaced)
    return there[~there["identity"].isin(gone)].reset_index(drop=True)


def _edges(
    session: Session, delivery: Delivery, catalogue: Catalogue, brought: IntArray, *, replaced: IntArray
) -> Sequence[IntakeFinding]:
    checker = Checker(delivery, catalogue, strict=False)
    free = dangling_ends(checker)
    free = free[np.isfinite(free["east_m"]) & np.isfinite(free["north_m"])]
    if free.empty:
        return ()
    reach = checker.limit("edge_match_m")
    places = shapely.points(free[["east_m", "north_m"]].to_numpy(np.float64))
    there = _neighbours(session, ground_round(places, reach_m=reach), brought, replaced)
    if there.empty:
        return ()
    tree = shapely.STRtree(
        np.array(shapely.points(there[["east_m", "north_m"]].to_numpy(np.float64)), dtype=object, ndmin=1)
    )
    hits = tree.query(places, predicate="dwithin", distance=reach)
    pairs = pd.DataFrame({"end": hits[0], "node": hits[1]})
    ends, nodes = (
        free.iloc[pairs["end"]].reset_index(drop=True),
        there.iloc[pairs["node"]].reset_index(drop=True),
    )
    gap = np.hypot(ends["east_m"] - nodes["east_m"], ends["north_m"] - nodes["north_m"])
    apart = (ends["kind"] == nodes["kind"]) & (gap > checker.limit("same_place_m"))
    for at in np.flatnonzero(apart):
        end, node = ends.iloc[at], nodes.iloc[at]
        checker.tell(
            "S25",
            {str(name): value for name, value in end.items()} | {"index": int(at)},
            Words(
                f"与相邻测区管点 {node['point_no']} 相距 {gap[at]:.2f} m，未接边",
                f"The neighbouring survey's point {node['point_no']} lies {gap[at]:.2f} m off: the edges do not match",
            ),
            Words("与相邻测区核对坐标", "Compare the coordinates with the neighbouring survey"),
            field="point_no",
            value=end["point_no"],
        )
    return checker.found()
