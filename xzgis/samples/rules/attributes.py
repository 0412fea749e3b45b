"""What is known of every line: sizes, materials, recorded depths, accuracy, owner, state, dates."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xzgis.catalogue.rules import outer_size
from xzgis.catalogue.terms import Catalogue
from xzgis.samples.rules.streets import FEATURE, Network
from xzgis.samples.terms import CODES, LATERALS, MAINS, MARK, OWNERS, Line

OLD_SURVEY, NEW_SURVEY = "2009-06-30", "2023-09-15"
OLD_BUILT, NEW_BUILT = "1998-05-01", "2019-10-01"
STATES = {"built": 0.962, "disused": 0.015, "approved": 0.010, "reserved": 0.006, "pending": 0.007}
NOT_BUILT = ("approved", "reserved", "pending")
MISSING_DEPTH = 0.008
"""Part of the laterals whose depth nobody could measure."""
APPURTENANCE = {
    "water": ("消火栓", "水表井"), "gas": ("调压箱", "阀门井"), "heat": ("阀门井", "阀门井"), "power": ("变电站", "配电箱"),
    "telecom": ("人孔井", "手孔井"), "drainage_storm": ("雨水箅", "雨水箅"), "drainage_foul": ("检查井", "化粪池"),
    "reclaimed": ("阀门井", "阀门井"),
}  # fmt: skip
CHAMBER = {"water": "阀门井", "gas": "阀门井", "heat": "阀门井", "reclaimed": "阀门井", "power": "检查井", "telecom": "人孔井",
           "drainage_storm": "检查井", "drainage_foul": "检查井"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """Outer size of a line, how far it may be off, and its wall; millimetres."""

    outer_mm: float
    spread_mm: float
    wall_mm: float


def size_of(catalogue: Catalogue, kind: str, line: Line) -> Size:
    """Outer size of a line of the district by the tables of the catalogue."""
    found = outer_size(
        catalogue, kind=kind, nominal_mm=line.nominal_mm, material=line.material, burial=line.burial
    )
    assert found is not None, "layers/outer_sizes.csv ends with a row for everything"
    return Size(outer_mm=round(found.outer_mm, 2), spread_mm=found.spread_mm, wall_mm=found.wall_mm)


def described(catalogue: Catalogue, network: Network, *, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and runs with every column but geometry; still without injected violations."""
    random = np.random.default_rng([seed, 5])
    runs = _laid(catalogue, network.runs)
    old = _is_old(network, runs["segment"].to_numpy())
    runs = _stated(runs, random)
    runs = _known(runs, old)
    return _points(network, random), recorded(catalogue, _forgotten(runs, random))


def _is_old(network: Network, segment: np.ndarray) -> np.ndarray:
    """The western half was surveyed long ago."""
    columns = network.segments["i"].to_numpy()
    return np.asarray(columns[segment] < (columns.max() + 1) / 2)


def _laid(catalogue: Catalogue, runs: pd.DataFrame) -> pd.DataFrame:
    """Sizes and materials by kind, street class, main or lateral."""
    rows = []
    for kind, mains in MAINS.items():
        for street_class, line in enumerate((*mains, LATERALS.get(kind))):
            if line is not None:
                rows.append({"kind": kind, "of": street_class, **line_facts(catalogue, kind, line)})
    of = np.where(runs["is_lateral"], 3, runs["street_class"])
    return runs.assign(of=of).merge(pd.DataFrame(rows), on=["kind", "of"], how="left", validate="many_to_one")


def line_facts(catalogue: Catalogue, kind: str, line: Line) -> dict[str, object]:
    """Columns of a run that follow from what is laid."""
    size = size_of(catalogue, kind, line)
    return {
        "code": CODES[kind], "shape": "circle", "nominal_width_mm": line.nominal_mm,
        "nominal_height_mm": line.nominal_mm, "outer_width_mm": size.outer_mm, "outer_height_mm": size.outer_mm,
        "outer_spread_mm": size.spread_mm, "wall_mm": size.wall_mm, "outer_is_assumed": True,
        "material": line.material, "burial": line.burial, "pressure_class": line.pressure_class,
        "voltage_kv": line.voltage_kv, "depth_reference": catalogue.kinds[kind].depth_reference,
        "owner": OWNERS[kind] + MARK,
    }  # fmt: skip


def _stated(runs: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Life states: mains are built; of the laterals some are planned and some no longer used."""
    drawn = random.choice(len(STATES), len(runs), p=list(STATES.values()))
    state = np.array(list(STATES), dtype=object)[drawn]
    return runs.assign(life_state=np.where(runs["is_lateral"], state, "built"))


def _known(runs: pd.DataFrame, old: np.ndarray) -> pd.DataFrame:
    """Accuracy: in the old survey what nothing crosses was located from the surface; planned lines are designs."""
    hidden = old & ~runs["is_crossed"].to_numpy() & ~runs["kind"].str.startswith("drainage").to_numpy()
    planned = runs["life_state"].isin(NOT_BUILT).to_numpy()
    accuracy = np.select([planned, hidden, old], ["design", "hidden_point", "visible_point"], "as_built")
    surveyed = pd.Series(np.where(old, OLD_SURVEY, NEW_SURVEY)).mask(planned)
    built = pd.Series(np.where(old, OLD_BUILT, NEW_BUILT)).mask(planned)
    return runs.assign(accuracy_class=accuracy, surveyed_on=surveyed, built_on=built)


def _forgotten(runs: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """A few laterals whose depth nobody measured: their levels are unknown."""
    lost = (random.random(len(runs)) < MISSING_DEPTH) & runs["is_lateral"].to_numpy()
    lost &= (runs["life_state"] == "built").to_numpy()
    return runs.assign(**{name: runs[name].mask(lost) for name in ("start_crown_m", "end_crown_m")})


def recorded(catalogue: Catalogue, runs: pd.DataFrame) -> pd.DataFrame:
    """Bottoms, recorded depths to invert or crown, and standard deviations."""
    height = runs["outer_height_mm"] / 1000
    invert = (runs["depth_reference"] == "invert").to_numpy()
    below = np.where(invert, (runs["outer_height_mm"] - runs["wall_mm"]) / 1000, 0.0)
    made: dict[str, pd.Series] = {}
    for end in ("start", "end"):
        level = runs[f"{end}_crown_m"] - below
        made[f"{end}_bottom_m"] = runs[f"{end}_crown_m"] - height
        made[f"{end}_level_m"] = level
        made[f"{end}_depth_m"] = runs[f"{end}_ground_m"] - level
    runs = runs.assign(**made)
    deepest = np.fmax(
        runs["start_ground_m"] - runs["start_bottom_m"], runs["end_ground_m"] - runs["end_bottom_m"]
    )
    plan, level = sigmas(
        catalogue,
        runs["accuracy_class"],
        (deepest - height / 2).fillna(catalogue.limits.values["depth_when_unknown_m"]),
    )
    return runs.assign(sigma_plan_m=plan, sigma_level_m=level)


def sigmas(catalogue: Catalogue, accuracy: pd.Series, depth_m: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Plan and level standard deviations of many lines, as :func:`xzgis.catalogue.rules.sigma` gives for one."""
    table: Mapping[str, object] = catalogue.accuracy
    facts = {
        name: accuracy.map({token: getattr(row, name) for token, row in table.items()})
        for name in ("plan_base_m", "plan_per_depth", "level_base_m", "level_per_depth", "depth_floor_m")
    }
    lever = np.maximum(depth_m.abs(), facts["depth_floor_m"])
    plan = np.hypot(facts["plan_base_m"], facts["plan_per_depth"] * lever)
    level = np.hypot(facts["level_base_m"], facts["level_per_depth"] * lever)
    return pd.Series(plan).round(4), pd.Series(level).round(4)


def _points(network: Network, random: np.random.Generator) -> pd.DataFrame:
    """Nodes with number, feature or appurtenance, visibility and chamber."""
    nodes = network.nodes
    kind, role = nodes["kind"], nodes["role"]
    first = kind.map({name: pair[0] for name, pair in APPURTENANCE.items()})
    second = kind.map({name: pair[1] for name, pair in APPURTENANCE.items()})
    at_end = first.where(random.random(len(nodes)) < 0.15, second)
    sewer = kind.str.startswith("drainage")
    chambered = (role == "junction") | (sewer & (role != "end")) | (role == "break")
    appurtenance = at_end.where(role == "end", kind.map(CHAMBER).where(chambered))
    number = kind.map(CODES) + (nodes.groupby("kind").cumcount() + 1).astype(str)
    return nodes.assign(
        point_no=number,
        feature=role.map(FEATURE).where(appurtenance.isna()),
        appurtenance=appurtenance,
        is_visible=appurtenance.notna(),
        code=kind.map(CODES),
        owner=kind.map(OWNERS) + MARK,
        life_state="built",
        accuracy_class=np.where(appurtenance.notna(), "visible_point", "hidden_point"),
    )
