"""Surveys in Access databases and old workbooks."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.access_file import DOUBLE, LONG, Column, write_access
from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.formats.tables import read_tables
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.survey import line_lengths_m

pytestmark = pytest.mark.usefixtures("read_here")

FIXTURES = Path(__file__).parents[2] / "fixtures"
EXCERPT = Path(__file__).parents[4] / "shared" / "data" / "cn_pipe_survey_excerpt"
needs_mdbtools = pytest.mark.skipif(
    shutil.which("mdb-export") is None, reason="mdbtools is not on this machine"
)

POINT = [
    Column("物探点号"),
    *(Column(name, DOUBLE) for name in ("X", "Y", "地面高程")),
    Column("附属物"),
    Column("编号", LONG),
]
LINE = [Column(name) for name in ("起点点号", "终点点号", "管径", "材质", "埋设方式")]
LINE += [Column("起点埋深", DOUBLE), Column("终点埋深", DOUBLE)]
POINTS = [
    (f"WS{number}", 3793900.125, 517800.5 + 30 * number, 30.25, "检查井" if number % 2 else None, number)
    for number in range(80)
]
LINES = [(f"WS{number}", f"WS{number + 1}", "600", "砼", "直埋", 1.5, None) for number in range(79)]


@needs_mdbtools
@pytest.mark.parametrize("version", [3, 4])
def test_an_access_database_of_either_age_is_read_with_its_chinese(tmp_path: Path, version: int) -> None:
    path = tmp_path / "普查.mdb"
    write_access(path, {"WSPOINT": (POINT, POINTS), "WSLINE": (LINE, LINES)}, version=version)

    delivery = read_survey([path], catalogue=catalogue())

    assert len(delivery.points) == 80
    assert delivery.points["x_raw"].unique().tolist() == [3793900.125]
    assert delivery.points["kind"].unique().tolist() == ["drainage_foul"]
    assert delivery.points["row"].tolist() == list(range(2, 82))
    assert delivery.lines["material"].unique().tolist() == ["concrete"]
    assert delivery.lines["end_depth_m"].isna().all()
    assert line_lengths_m(delivery.lines, delivery.vertices).sum() == pytest.approx(79 * 30)


@needs_mdbtools
@pytest.mark.parametrize("cut", [3000, 9000, 20_000, 40_960, 45_000])
def test_a_truncated_database_is_refused_never_read_in_part(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "普查.mdb"
    write_access(path, {"WSPOINT": (POINT, POINTS), "WSLINE": (LINE, LINES)})
    path.write_bytes(path.read_bytes()[:cut])

    with pytest.raises(Invalid):
        read_survey([path], catalogue=catalogue())


def test_an_old_workbook_is_read_with_its_dates() -> None:
    delivery = read_survey([FIXTURES / "survey.xls"], catalogue=catalogue())

    assert delivery.points["point_no"].tolist() == ["JS1", "JS2"]
    assert [str(day) for day in delivery.points["surveyed_on"]] == ["2024-05-06", "2024-05-07"]
    assert delivery.lines["material"].tolist() == ["ductile_iron"]
    # DN200 ductile iron, outer 222: crown 30.0 - 1.2.
    assert delivery.vertices.crown_m[0] == pytest.approx(28.8)
    assert delivery.vertices.bottom_m[0] == pytest.approx(28.578)


def test_cells_of_an_old_workbook_are_told_as_people_read_them() -> None:
    points, lines = read_tables([FIXTURES / "survey.xls"])

    assert points.frame["X"].tolist() == ["3793900.25", "3793900.25"]
    assert lines.frame["管径"].tolist() == ["200"]


@needs_mdbtools
@pytest.mark.skipif(not EXCERPT.exists(), reason="the real excerpt is not on this machine")
def test_the_real_excerpt_as_a_database_agrees_with_its_reference(tmp_path: Path) -> None:
    reference = json.loads((EXCERPT / "reference_counts.json").read_text())
    path = tmp_path / "普查.mdb"
    tables = {}
    for name, table in (("管点调查表", "POINT"), ("管线调查表", "LINE")):
        frame = pd.read_csv(
            EXCERPT / f"{name}_utf8bom.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
        rows = [[text or None for text in row] for row in frame.to_numpy().tolist()]
        tables[table] = ([Column(column) for column in frame.columns], rows)
    write_access(path, tables)

    delivery = read_survey([path], catalogue=catalogue())

    lengths = (
        pd.Series(line_lengths_m(delivery.lines, delivery.vertices)).groupby(delivery.lines["code"]).sum()
    )
    assert (len(delivery.points), len(delivery.lines)) == (467, 460)
    assert lengths.to_dict() == pytest.approx(reference["length2d_m"], abs=0.01)
