"""Levels are straight between two told ends only where a line is (0091): not of risers, which go up at the pole,
nor of drilled lines and siphons, which dive between their points.
"""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks.test_features import a_file, a_layer, a_line
from tests.unit.networks.test_features import delivered as drawn
from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.feature_fields import ALL_FIELDS
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

NORTH_M, EAST_M, GROUND_M, LENGTH_M = 3793900.0, 517800.0, 30.0, 20.0


def surveyed(
    folder: Path, code: str, burial: str, depths: tuple[str, str], length_m: float = LENGTH_M, **columns: str
) -> Delivery:
    """One line of survey tables between two points on level ground, as the test writes its row."""
    columns = {"管径": "100", **columns}
    head, row = (",".join(("", *each)) for each in (columns, columns.values()))
    tables = {
        f"{code}POINT": [
            "物探点号,X,Y,地面高程",
            *(f"P{no},{NORTH_M + length_m * no},{EAST_M},{GROUND_M}" for no in (1, 2)),
        ],
        f"{code}LINE": [
            f"起点点号,终点点号,起点埋深,终点埋深,埋设方式{head}",
            f"P1,P2,{depths[0]},{depths[1]},{burial}{row}",
        ],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_survey([folder / f"{name}.csv" for name in tables], catalogue=catalogue())


def features(kind: str, burial: str, length_m: float = LENGTH_M, **columns: object) -> Delivery:
    """One drawn line of a layer on level ground, with a vertex in its middle; columns that are no field stay unread."""
    told = {"burial": burial, "diameter_mm": 100.0, "ground_m": GROUND_M, **columns}
    shape = a_line((0, 0), (length_m / 2, 0), (length_m, 0))
    fields = {name: {"column": name} for name in told if name in ALL_FIELDS}
    mapping = {"layers": {"线": {"role": "lines", "kind": kind, "fields": fields}}}
    layer = a_layer("线", [shape], **{name: [one] for name, one in told.items()})
    return drawn(a_file(layer), catalogue(), mapping)


def is_known(found: Delivery, code: str) -> bool:
    """Whether any level is known; the finding ``code`` is there, once and a warning, where none is."""
    vertices = found.vertices
    known = bool(np.isfinite(vertices.crown_m).any() or np.isfinite(vertices.bottom_m).any())
    assert np.isfinite(vertices.ground_m).all(), "the ground was told"
    assert [one.level for one in found.findings if one.code == code] == ["warning"] * (not known)
    return known


RISERS = pytest.mark.parametrize(
    ("burial", "depths", "known"),
    [
        pytest.param("上架", ("0.8", "-5"), False, id="buried, then up a pole"),
        pytest.param("上杆", ("-3", "0.8"), False, id="down from a pole"),
        pytest.param("上架", ("0.8", "0"), False, id="its end above the ground is a bare 0"),
        pytest.param("上架", ("0", "-5"), False, id="its buried end is a bare 0"),
        pytest.param("地面", ("0.8", "0"), False, id="comes to lie on the ground"),
        pytest.param("上架", ("0.8", "0.9"), True, id="buried at both ends"),
        pytest.param("上架", ("-4", "-5"), True, id="in the air at both ends"),
        pytest.param("架空", ("-4", "-5"), True, id="overhead"),
        pytest.param("地面", ("0", "0"), True, id="on the ground"),
        pytest.param("地面", ("0.05", "0"), True, id="no climb to speak of"),
    ],
)


@RISERS
@pytest.mark.parametrize("code", ["DL", "DX", "RQ", "RL", "JS"])
def test_a_riser_of_a_survey_is_no_slope(tmp_path: Path, code: str, burial, depths, known) -> None:
    assert is_known(surveyed(tmp_path, code, burial, depths), "R57") == known


@RISERS
@pytest.mark.parametrize("kind", ["power", "heat"])
def test_a_drawn_riser_is_no_slope(kind: str, burial, depths, known) -> None:
    start, end = (float(each) for each in depths)

    assert is_known(features(kind, burial, start_depth_m=start, end_depth_m=end), "R57") == known


def test_levels_of_the_envelope_make_no_slope_either() -> None:
    sloped = {"start_crown_m": 29.2, "end_crown_m": 35.0, "start_bottom_m": 29.1, "end_bottom_m": 34.9}

    assert not is_known(features("power", "上架", start_depth_m=0.8, end_depth_m=-5.0, **sloped), "R57")
    # Nor where the burial says nothing of it.
    assert not is_known(features("gas", "直埋", start_level_m=28.8, end_level_m=32.0), "R57")
    assert is_known(features("gas", "直埋", start_level_m=28.8, end_level_m=29.5), "R57")


def test_a_sewer_keeps_its_slope_to_where_it_comes_to_light(tmp_path: Path) -> None:
    outlet = {"起点管底高程": "28.5", "终点管底高程": "30.3"}

    assert is_known(surveyed(tmp_path, "WS", "直埋", ("", ""), **outlet), "R57")
    assert not is_known(surveyed(tmp_path, "WS", "直埋", ("", ""), 压力="压力流", **outlet), "R57")
    assert not is_known(surveyed(tmp_path, "WS", "上架", ("1.5", "-3")), "R57"), "hung up at one end"


@pytest.mark.parametrize("code", ["JS", "WS", "RQ"])
@pytest.mark.parametrize(
    ("burial", "length_m", "known"),
    [
        pytest.param("定向钻", 60.0, False, id="drilled"),
        pytest.param("水平定向", 20.0, False, id="drilled, from point to point"),
        pytest.param("拖拉管", 20.0, False, id="pulled"),
        pytest.param("牵引", 20.0, False, id="dragged"),
        pytest.param("DG", 20.0, False, id="jacked or drilled: the code says not which"),
        pytest.param("顶管（非开挖或定向钻）", 20.0, False, id="nor does its name"),
        pytest.param("非开挖", 20.0, False, id="trenchless"),
        pytest.param("定向钻", 5.0, True, id="drilled, its course told by points"),
        pytest.param("倒虹", 20.0, False, id="inverted siphon"),
        pytest.param("倒虹", 4.0, False, id="a short one dives too"),
        pytest.param("水下", 20.0, False, id="under water"),
        pytest.param("顶管", 60.0, True, id="jacked straight"),
        pytest.param("直埋", 60.0, True, id="in a trench"),
    ],
)
def test_between_two_points_of_a_drilled_line_nothing_is_known(
    tmp_path: Path, code: str, burial: str, length_m: float, known: bool
) -> None:
    assert is_known(surveyed(tmp_path, code, burial, ("1.2", "1.2"), length_m), "R58") == known
    kind = {"JS": "water", "WS": "drainage_foul", "RQ": "gas"}[code]
    assert is_known(features(kind, burial, length_m, start_depth_m=1.2, end_depth_m=1.2), "R58") == known


def test_levels_of_both_ends_tell_no_more_of_it() -> None:
    levels = {"start_level_m": 28.3, "end_level_m": 28.1}

    assert not is_known(features("water", "定向钻", 60.0, **levels), "R58")
    assert not is_known(features("drainage_foul", "倒虹", **levels), "R58")
    assert is_known(features("drainage_foul", "直埋", **levels), "R58")


def test_a_false_sign_of_a_buried_line_is_no_climb(tmp_path: Path) -> None:
    # S16 takes the one end out; the other stands where it was told.
    for found in (
        surveyed(tmp_path, "JS", "直埋", ("1.2", "-1.2")),
        features("water", "直埋", start_depth_m=1.2, end_depth_m=-1.2),
    ):
        assert np.isfinite(found.vertices.crown_m[0])
        assert not [one for one in found.findings if one.code == "R57"]
