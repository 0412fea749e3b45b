"""What IMKL says beyond columns: how objects lie, what a bed holds, sewers by their water, depths at points.

Standard depths are what the operator says it usually does; they are used as assumed depths and never as
measured ones. Sources: IMKL 2.0 object catalogue; ``layers/intake/imkl.toml``.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue, IntakeMapping
from xzgis.core.words import Words
from xzgis.networks.rules.feature_fields import FloatArray
from xzgis.networks.rules.feature_sections import positive
from xzgis.networks.rules.features import Understood
from xzgis.networks.terms import IntakeFinding

ObjectArray = npt.NDArray[np.object_]
_BEDS = ("Kabelbed", "Duct", "Mantelbuis")
_SEWERS = ("drainage_combined", "drainage_foul")
_SAME_LINE_M = 0.05
_AT_AN_END_M = 1.0


def settle(understood: Understood, catalogue: Catalogue) -> Understood:
    """``understood`` with the facts that only this standard knows: burial, sewer kinds, beds, banks, depths."""
    lines = understood.lines
    if lines.empty or "object" not in lines.columns:
        return understood
    intake = catalogue.intakes["imkl"]
    lines = lines.copy()
    findings = list(understood.findings)
    lines["burial"] = _burial(lines, intake)
    _sewer_kinds(lines, intake)
    _electricity_and_gas(lines, intake)
    findings += _bed_widths(lines, intake)
    lines["bank"] = banks(
        lines, understood.line_geometry, share=float(intake.constants.get("bed_share", 0.9))
    )
    findings += _depth_points(
        lines, understood, reach_m=float(intake.constants.get("depth_point_reach_m", 1.0))
    )
    return replace(understood, lines=lines, findings=tuple(findings))


def _burial(lines: pd.DataFrame, intake: IntakeMapping) -> pd.Series:
    by_object = lines["object"].map(intake.values.get("burial_by_object", {}))
    if "vertical_position" not in lines.columns:
        return by_object.astype(object).where(by_object.notna(), None)
    by_position = lines["vertical_position"].map(intake.values.get("burial_by_position", {}))
    told = by_position.where(by_position.notna(), by_object)
    return told.astype(object).where(told.notna(), None)


def _sewer_kinds(lines: pd.DataFrame, intake: IntakeMapping) -> None:
    """A gravity sewer is what it carries; a pressure sewer stays foul and is told to be pressed."""
    if "medium" in lines.columns:
        carried = lines["medium"].map(intake.values.get("sewer_kind", {}))
        use = (lines["kind"] == "drainage_combined") & carried.notna()
        lines["kind"] = lines["kind"].where(~use, carried)
    lines["is_pressed"] = lines["code"] == "rioolOnderOverOfOnderdruk"


def _electricity_and_gas(lines: pd.DataFrame, intake: IntakeMapping) -> None:
    """Voltage: nominal, else operating, -1 and 0 unknown. Gas without a pressure: by theme, else unknown."""
    nominal, operating = positive(lines, "voltage"), positive(lines, "operating_voltage")
    lines["voltage_kv"] = np.where(np.isfinite(nominal), nominal, operating)
    is_gas = (lines["kind"] == "gas").to_numpy() & ~np.isfinite(positive(lines, "pressure"))
    by_theme = {
        theme: intake.constants.get(f"{theme}_pressure_class") for theme in lines.loc[is_gas, "code"].unique()
    }
    classes: ObjectArray = lines["code"].map(by_theme).astype(object).to_numpy(dtype=object, copy=True)
    classes[~is_gas | pd.isna(classes)] = None
    lines["pressure_class"] = classes


def _bed_widths(lines: pd.DataFrame, intake: IntakeMapping) -> list[IntakeFinding]:
    """Widths of beds and duct groups become widths in plan where they can be true."""
    width = positive(lines, "bed_width_mm")
    least = float(intake.constants.get("least_bed_width_mm", 0.0))
    is_bed = lines["object"].isin(("Kabelbed", "Duct")).to_numpy()
    narrow = is_bed & np.isfinite(width) & (width < least)
    sound = is_bed & np.isfinite(width) & ~narrow
    if sound.any():
        lines["width_mm"] = np.where(sound, width, positive(lines, "width_mm"))
        # A bed is told by its width alone; it is taken to be no higher than wide (own choice).
        lines["height_mm"] = np.where(sound, width, positive(lines, "height_mm"))
    if not narrow.any():
        return []
    first = int(np.flatnonzero(narrow)[0])
    return [
        IntakeFinding(
            "R40",
            "warning",
            Words(
                f"{int(narrow.sum())} 个电缆床/管组的宽度小于 {least:.0f} mm，不可信，按宽度未知处理",
                f"{int(narrow.sum())} beds or duct groups are narrower than {least:.0f} mm; taken as of unknown width",
            ),
            Words("向权属单位核实宽度", "ask the operator for the true width"),
            file=lines["file"].iloc[first],
            sheet=lines["sheet"].iloc[first],
            row=int(lines["row"].iloc[first]),
            field="duct_width",
            value=f"{width[first]:g} mm",
        )
    ]


def banks(lines: pd.DataFrame, geometry: ObjectArray, *, share: float) -> npt.NDArray[np.int64]:
    """``(n,)`` number of the bed, duct group or casing each line lies in or is, 0 where none.

    A bed and what it names as its contents share a number; so does a cable or pipe of which at least
    ``share`` of the length follows the bed's line, and beds that lie in one line.
    """
    is_bed = lines["object"].isin(_BEDS).to_numpy()
    bank = np.zeros(len(lines), dtype=np.int64)
    beds = np.flatnonzero(is_bed & ~shapely.is_missing(geometry))
    bank[beds] = np.arange(1, len(beds) + 1)
    inside, of = _lying_in(geometry, beds, share)
    named_inside, named_of = _named_contents(lines, beds)
    pairs = np.column_stack([np.concatenate([inside, named_inside]), np.concatenate([of, named_of])])
    # Outer beds first: a casing in a bed takes the bed's number and passes it on to its cables.
    for _ in range(3):
        for member, bed in pairs:
            low = min(one for one in (bank[member], bank[bed]) if one)
            bank[member] = bank[bed] = low
    holds = np.bincount(bank, minlength=len(beds) + 1)
    return np.where((bank > 0) & (holds[bank] > 1), bank, 0)


def _lying_in(
    geometry: ObjectArray, beds: npt.NDArray[np.int64], share: float
) -> tuple[npt.NDArray[np.int64], ...]:
    """Pairs (line, bed): at least ``share`` of the line lies within 5 cm of the bed's line."""
    if not len(beds):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    around = shapely.buffer(geometry[beds], _SAME_LINE_M, quad_segs=2)
    line, bed = shapely.STRtree(around).query(geometry, predicate="intersects")
    together = shapely.length(shapely.intersection(geometry[line], around[bed]))
    long_enough = together >= share * shapely.length(geometry[line])
    keep = long_enough & (line != beds[bed])
    return line[keep], beds[bed[keep]]


def _named_contents(lines: pd.DataFrame, beds: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], ...]:
    if "holds" not in lines.columns:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    rows = pd.Series(np.arange(len(lines)), index=lines["line_no"]).groupby(level=0).first()
    named = [
        (int(rows[one]), int(bed))
        for bed in beds
        for one in str(lines["holds"].iloc[bed] or "").split(";")
        if one in rows.index
    ]
    pairs = np.array(named, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _depth_points(lines: pd.DataFrame, understood: Understood, *, reach_m: float) -> list[IntakeFinding]:
    """Give measured depths at points to the lines of their network they lie on.

    Within a metre of a line's end the depth is that end's, measured; elsewhere it is taken for the whole line,
    which is an assumption and told as one.
    """
    points, places = understood.depth_points, understood.depth_geometry
    for column in ("start_depth_m", "end_depth_m"):
        lines[column] = positive(lines, column)
    lines["depth_from_point"] = False
    if points.empty or not len(places):
        return []
    depth = depths_of_points(points)
    networks = points["network"] if "network" in points.columns else pd.Series([None] * len(points))
    found: list[IntakeFinding] = []
    for at in range(len(points)):
        same = (
            lines["network"] == networks.iloc[at]
            if "network" in lines.columns and networks.iloc[at]
            else lines["code"] == points["code"].iloc[at]
        )
        rows = np.flatnonzero(same.to_numpy() & ~shapely.is_missing(understood.line_geometry))
        away = shapely.distance(understood.line_geometry[rows], places[at]) if len(rows) else np.empty(0)
        if not np.isfinite(depth[at]) or not len(away) or not away.min() <= reach_m:
            found.append(_lone(points, at))
            continue
        _give(lines, int(rows[int(away.argmin())]), understood.line_geometry, places[at], float(depth[at]))
    return found


def depths_of_points(points: pd.DataFrame) -> FloatArray:
    """``(n,)`` depth below ground of depth points; a level (DiepteNAP) with a ground level gives their difference."""
    depth = positive(points, "depth_m")
    ground = (
        points["ground_m"].to_numpy(np.float64)
        if "ground_m" in points.columns
        else np.full(len(points), np.nan)
    )
    is_level = (
        (points["object"] == "DiepteNAP").to_numpy()
        if "object" in points.columns
        else np.zeros(len(points), bool)
    )
    return np.where(is_level, ground - depth, depth)


def _give(
    lines: pd.DataFrame, row: int, geometry: ObjectArray, place: shapely.Geometry, depth_m: float
) -> None:
    line = geometry[row]
    along = shapely.line_locate_point(line, place)
    columns = list(lines.columns)
    start, end, guess = (columns.index(name) for name in ("start_depth_m", "end_depth_m", "depth_from_point"))
    if along <= _AT_AN_END_M:
        lines.iloc[row, start] = depth_m
    elif along >= shapely.length(line) - _AT_AN_END_M:
        lines.iloc[row, end] = depth_m
    else:
        lines.iloc[row, start] = lines.iloc[row, end] = depth_m
        lines.iloc[row, guess] = True


def _lone(points: pd.DataFrame, at: int) -> IntakeFinding:
    return IntakeFinding(
        "R41",
        "warning",
        Words(
            "测深点附近没有同一管网的管线，深度未采用",
            "no line of its network lies at this depth point; its depth is not used",
        ),
        Words("核对测深点的位置与所属管网", "check the place and network of the depth point"),
        file=points["file"].iloc[at],
        sheet=points["sheet"].iloc[at],
        row=int(points["row"].iloc[at]),
    )
