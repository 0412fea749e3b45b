"""A delivery read from files as the kernel takes it, for a check without any database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from xzgis.catalogue.terms import Catalogue, KindCode
from xzgis.conflicts.rules.chambers import Chamber
from xzgis.conflicts.rules.columns import bounds_m, chosen, plausible_mm
from xzgis.conflicts.rules.delivered_chambers import chambers_delivered
from xzgis.networks.rules.invented import INVENTED
from xzgis.networks.rules.partial_codes import PartialCodes, only_partial
from xzgis.networks.rules.surveyed import surveyed
from xzgis.networks.terms import (
    Conditions,
    Delivery,
    FloatArray,
    IntakeFinding,
    IntArray,
    LifeState,
    RunColumns,
    RunFacts,
)

UNKNOWN_KIND = "unknown"
CHAMBER_LINK = "chamber_link"
QUARTER_SEGMENTS = 4
LIFE = {state.value: index for index, state in enumerate(LifeState)}
BUILT = LIFE[LifeState.BUILT.value]
ASSUMED = "assumed"
# More points than one delivery may have.
FAR_APART = 100_000_000
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Delivered:
    """The lines of one or several deliveries.

    Attributes
    ----------
    runs
        Buried lines with a place; identities count from 1 in the order of the files.
    sources
        Where each line came from.
    unplaced
        Buried lines that have no place: they may lie anywhere, so nothing is simply clear beside them.
    not_read
        Errors of the rows that stayed out, which may have stood for lines anywhere.
    chambers
        Points with an extent.
    untold_kinds
        Values for a kind that nobody understood; their lines are judged as of unknown kind.
    left_aside
        What the files hold beside lines and nobody read, such as hatches and construction lines of drawings.
    surveyed
        Identities of the lines beside which somebody looked (:mod:`xzgis.networks.rules.surveyed`).
    """

    runs: RunColumns
    sources: tuple["Source", ...]
    unplaced: int
    surveyed: IntArray
    chambers: tuple[Chamber, ...] = ()
    not_read: tuple[IntakeFinding, ...] = ()
    untold_kinds: tuple[IntakeFinding, ...] = ()
    left_aside: tuple[IntakeFinding, ...] = ()

    @property
    def is_invented(self) -> bool:
        """Whether one of the files says of its records that they are invented."""
        return any(source.delivery.facts.get(INVENTED) for source in self.sources)

    @property
    def is_displaced(self) -> bool:
        """Whether one of the files is test data of another place, laid over the city."""
        return any(source.delivery.crs.displaced is not None for source in self.sources)

    def in_part(self, codes: PartialCodes) -> dict[str, tuple[KindCode, ...]]:
        """Kinds whose surveyed lines all stand under codes of a part of the kind, in all files together; those codes."""
        told = [
            source.delivery.lines[["kind", "code"]].iloc[
                source.rows[np.isin(source.first_id + np.arange(len(source.rows)), self.surveyed)]
            ]
            for source in self.sources
        ]
        return only_partial(pd.concat(told), codes) if told else {}

    def facts(self, ids: Sequence[int]) -> dict[int, RunFacts]:
        """By identity, what findings say of the lines ``ids``."""
        return {
            identity: source.fact(identity)
            for identity in ids
            for source in self.sources
            if source.has(identity)
        }


@dataclass(frozen=True)
class Source:
    """A delivery and which of its rows became which identities, counted from ``first_id``."""

    delivery: Delivery
    rows: IntArray
    conditions: tuple[Conditions, ...]
    first_id: int

    def has(self, identity: int) -> bool:
        """Whether the line came from here."""
        return self.first_id <= identity < self.first_id + len(self.rows)

    def fact(self, identity: int) -> RunFacts:
        """What findings say of one line."""
        at = identity - self.first_id
        return _facts(self.delivery, int(self.rows[at]), identity, self.conditions[at])


def delivered(
    delivery: Delivery, catalogue: Catalogue, *, first_id: int, origin_m: tuple[float, float]
) -> Delivered:
    """The lines of ``delivery`` as columns near ``origin_m``; identities from ``first_id`` on.

    A line of an unknown kind stays, as kind ``unknown``; roads and the like are no obstacles.
    """
    lines, vertices = delivery.lines, delivery.vertices
    kinds = [kind if isinstance(kind, str) else UNKNOWN_KIND for kind in lines["kind"]]
    buried = np.array([catalogue.kinds[kind].is_buried_line for kind in kinds], dtype=np.bool_)
    has_place = _has_place(vertices.xy_m, vertices.offset)
    kept = buried & has_place
    counts = np.diff(vertices.offset)[kept]
    used = np.repeat(kept, np.diff(vertices.offset))
    rows = np.flatnonzero(kept)
    conditions = _all_conditions(lines, kinds, rows)
    place_of = {condition: at for at, condition in enumerate(dict.fromkeys(conditions))}
    assumed = catalogue.accuracy[ASSUMED]
    plausible = plausible_mm(conditions, catalogue)
    spread = np.nan_to_num(_numbers(lines, "outer_spread_mm", rows))
    runs = RunColumns(
        origin_m=origin_m,
        conditions=tuple(place_of),
        run_id=np.arange(first_id, first_id + len(rows), dtype=np.int64),
        condition=np.array([place_of[condition] for condition in conditions], dtype=np.int32),
        offset=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        xy_m=vertices.xy_m[used] - np.array(origin_m),
        crown_m=vertices.crown_m[used],
        bottom_m=vertices.bottom_m[used],
        ground_m=vertices.ground_m[used],
        width_m=bounds_m(_numbers(lines, "outer_width_mm", rows), spread, lambda: plausible),
        height_m=bounds_m(_numbers(lines, "outer_height_mm", rows), spread, lambda: plausible),
        sigma_plan_m=_or(lines, "sigma_plan_m", rows, assumed.plan_base_m),
        sigma_level_m=_or(lines, "sigma_level_m", rows, assumed.level_base_m),
        life=np.array([LIFE.get(life, BUILT) for life in lines["life_state"].iloc[rows]], dtype=np.int8),
        from_node=_nodes(lines, "from_point", rows, first_id),
        to_node=_nodes(lines, "to_point", rows, first_id),
        bank=_banks(lines, rows, first_id),
        chamber_link=np.array(
            [burial == CHAMBER_LINK for burial in lines["burial"].iloc[rows]], dtype=np.bool_
        ),
    )
    source = Source(delivery, rows, tuple(conditions), first_id)
    by_survey = surveyed(lines.iloc[rows]) & (delivery.crs.displaced is None)
    return Delivered(
        runs=runs,
        sources=(source,),
        unplaced=int((buried & ~has_place).sum()),
        surveyed=runs.run_id[by_survey],
        chambers=tuple(chambers_delivered(delivery, catalogue, node_id=1 + first_id * FAR_APART)),
    )


def joined(parts: list[Delivered], *, origin_m: tuple[float, float]) -> Delivered:
    """Several deliveries as one, same origin."""
    conditions = tuple(dict.fromkeys(condition for part in parts for condition in part.runs.conditions))
    place_of = {condition: at for at, condition in enumerate(conditions)}
    renamed = [
        np.array([place_of[condition] for condition in part.runs.conditions], dtype=np.int32)[
            part.runs.condition
        ]
        if len(part.runs.condition)
        else part.runs.condition
        for part in parts
    ]
    starts = np.cumsum([0, *(int(part.runs.offset[-1]) for part in parts)])
    offset = [part.runs.offset[:-1] + start for part, start in zip(parts, starts, strict=False)]
    columns = {
        name: np.concatenate([getattr(part.runs, name) for part in parts])
        for name in RunColumns.__dataclass_fields__
        if name not in ("origin_m", "conditions", "condition", "offset")
    }
    runs = RunColumns(
        origin_m=origin_m,
        conditions=conditions,
        condition=np.concatenate(renamed),
        offset=np.concatenate([*offset, starts[-1:]]).astype(np.int64),
        **columns,
    )
    sources = tuple(source for part in parts for source in part.sources)
    return Delivered(
        runs=runs,
        sources=sources,
        unplaced=sum(part.unplaced for part in parts),
        surveyed=np.concatenate([part.surveyed for part in parts]),
        chambers=tuple(one for part in parts for one in part.chambers),
    )


def covered_by_lines(
    runs: RunColumns, *, surveyed: IntArray, reach_m: float
) -> dict[str, list[BaseGeometry]]:
    """The ground within ``reach_m`` of those runs that are ``surveyed``, by kind: where somebody looked.

    The same claim as an accepted batch makes (:mod:`xzgis.networks.actions.coverage`); storage CRS.
    """
    runs = chosen(runs, np.flatnonzero(np.isin(runs.run_id, surveyed)))
    if len(runs.run_id) == 0:
        return {}
    of_run = np.repeat(np.arange(len(runs.run_id)), np.diff(runs.offset))
    grown = shapely.buffer(
        shapely.linestrings(runs.xy_m + np.array(runs.origin_m), indices=of_run),
        reach_m,
        quad_segs=QUARTER_SEGMENTS,
    )
    kinds = np.array([runs.conditions[condition].kind for condition in runs.condition], dtype=object)
    return {str(kind): [shapely.union_all(grown[kinds == kind])] for kind in sorted(set(kinds))}


def _has_place(xy_m: FloatArray, offset: IntArray) -> Mask:
    """Runs all of whose vertices are finite and not all in one place."""
    runs = len(offset) - 1
    run_of = np.repeat(np.arange(runs), np.diff(offset))
    unsound = np.bincount(run_of, weights=~np.isfinite(xy_m).all(axis=1), minlength=runs) > 0
    moves = (xy_m != xy_m[offset[:-1][run_of]]).any(axis=1)
    has: Mask = (np.bincount(run_of, weights=moves, minlength=runs) > 0) & ~unsound
    return has


def _all_conditions(lines: pd.DataFrame, kinds: Sequence[str], rows: IntArray) -> list[Conditions]:
    """The facts that rules ask for, of every line at ``rows``; equal ones are one object."""
    texts = [
        [_text(value) for value in lines[name].iloc[rows]]
        for name in ("pressure_class", "burial", "material")
    ]
    figures = [
        [_number(value) for value in _numbers(lines, name, rows)]
        for name in ("voltage_kv", "nominal_width_mm")
    ]
    known: dict[tuple[object, ...], Conditions] = {}
    found = []
    for kind, pressure, burial, material, voltage, nominal in zip(
        [kinds[row] for row in rows], *texts, *figures, strict=True
    ):
        key = (kind, pressure, voltage, burial, material, nominal)
        if key not in known:
            known[key] = Conditions(kind, pressure, voltage, burial, material, nominal)
        found.append(known[key])
    return found


def _facts(delivery: Delivery, row: int, identity: int, condition: Conditions) -> RunFacts:
    lines = delivery.lines
    surveyed = lines["surveyed_on"].iloc[row]
    return RunFacts(
        run_id=identity,
        kind=condition.kind,
        label=_text(lines["label"].iloc[row]) or str(identity),
        owner=_text(lines["owner"].iloc[row]),
        state=_text(lines["life_state"].iloc[row]) or LifeState.BUILT.value,
        surveyed_on=surveyed if isinstance(surveyed, date) else None,
        batch=_text(lines["file"].iloc[row]) or delivery.intake,
        conditions=condition,
        is_displaced=delivery.crs.displaced is not None,
        is_invented=bool(delivery.facts.get(INVENTED)),
    )


def _numbers(lines: pd.DataFrame, column: str, rows: IntArray) -> FloatArray:
    return lines[column].to_numpy(np.float64)[rows]


def _or(lines: pd.DataFrame, column: str, rows: IntArray, otherwise: float) -> FloatArray:
    values = _numbers(lines, column, rows)
    return np.where(np.isnan(values), otherwise, values)


def _nodes(lines: pd.DataFrame, column: str, rows: IntArray, first_id: int) -> IntArray:
    """Identities of end nodes, 0 where there is none; those of two deliveries never meet."""
    points = lines[column].to_numpy(np.int64)[rows]
    return np.where(points >= 0, points + 1 + first_id * FAR_APART, 0)


def _banks(lines: pd.DataFrame, rows: IntArray, first_id: int) -> IntArray:
    banks = lines["bank"].to_numpy(np.int64)[rows]
    return np.where(banks > 0, banks + first_id * FAR_APART, 0)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type]  # a number or nothing
    return None if number != number else number
