"""Sizes of a whole table in centimetres are asked about and unknown; small pipes among sound ones are not."""

from pathlib import Path

import numpy as np
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.terms import Delivery, IntakeFinding

pytestmark = pytest.mark.usefixtures("read_here")


def read(
    folder: Path,
    *sizes: str,
    kind: str = "WS",
    material: str = "砼",
    head: str = "管径",
    burial: str = "直埋",
) -> Delivery:
    """Lines 20 m long of one kind, one for each size."""
    points = [
        f"A{at + 1},3793900.000,{517800 + 20 * at}.000,30,直线点,,{kind}" for at in range(len(sizes) + 1)
    ]
    lines = [f"A{at + 1},A{at + 2},2,2,{size},{material},{burial},{kind}" for at, size in enumerate(sizes)]
    heads = (
        "物探点号,X,Y,地面高程,特征,附属物,管线类别",
        f"起点点号,终点点号,起点埋深,终点埋深,{head},材质,埋设方式,管线类别",
    )
    for name, rows in (("P.csv", [heads[0], *points]), ("L.csv", [heads[1], *lines])):
        (folder / name).write_text("\n".join(rows), encoding="utf-8")
    return read_survey([folder / "P.csv", folder / "L.csv"], catalogue=catalogue())


def asked(delivery: Delivery) -> list[IntakeFinding]:
    return [one for one in delivery.findings if one.code == "R54"]


def test_centimetres_of_a_concrete_sewer_are_asked_about_and_give_no_size(tmp_path: Path) -> None:
    delivery = read(tmp_path, "60", "80", "100")

    (found,) = asked(delivery)
    assert (found.level, found.file, found.row, found.field, found.value, found.table) == (
        "warning", "L.csv", 2, "section", "60", "lines",
    )  # fmt: skip
    assert "中位数为 80 mm" in found.words.zh
    assert "管径（cm）" in found.remedy.zh
    for column in ("nominal_width_mm", "nominal_height_mm", "outer_height_mm"):
        assert delivery.lines[column].isna().all()
    # An invert without a size has no crown: nothing counts as clear above it.
    assert np.isnan(delivery.vertices.crown_m).all()
    assert delivery.lines["section_text"].tolist() == ["60", "80", "100"]


@pytest.mark.parametrize(
    ("sizes", "options"),
    [
        pytest.param(("60",), {}, id="one of no such product"),
        pytest.param(("60", "80", "100"), {"head": "管径(mm)"}, id="no such product whatever the head says"),
        pytest.param(("60X80", "80X100", "80X120"), {"material": "砖"}, id="brick"),
        pytest.param(("60", "80", "80"), {"material": "PVC"}, id="plastic sewers"),
        pytest.param(("60", "80", "80"), {"material": ""}, id="sewers of unknown material"),
        pytest.param(("20", "30", "60"), {"kind": "JS", "material": "铸铁"}, id="iron mains"),
        pytest.param(("15", "20", "30"), {"kind": "RQ", "material": "钢"}, id="steel gas"),
        pytest.param(("40", "60", "100"), {"kind": "RQ", "material": "钢"}, id="nothing but small tens"),
        pytest.param(("63", "50", "40"), {"kind": "RQ", "material": "PE"}, id="mains of PE"),
        pytest.param(("40", "50", "50"), {"kind": "JS", "material": ""}, id="small tens of unknown material"),
        pytest.param(("80X100", "80X100", "100X120"), {"kind": "DL", "burial": "管沟"}, id="channels"),
    ],
)
def test_what_no_table_has_on_the_whole_is(
    tmp_path: Path, sizes: tuple[str, ...], options: dict[str, str]
) -> None:
    delivery = read(tmp_path, *sizes, **options)

    assert len(asked(delivery)) == 1
    assert delivery.lines["nominal_width_mm"].isna().all()


@pytest.mark.parametrize(
    ("sizes", "options"),
    [
        pytest.param(("600", "800", "1000"), {}, id="millimetres"),
        pytest.param(("60", "600", "600"), {}, id="a small lateral among sound sizes"),
        pytest.param(("150", "150"), {}, id="two laterals"),
        pytest.param(("150", "150", "150"), {"head": "管径(mm)"}, id="the head says it"),
        pytest.param(("DN150", "DN150", "DN150"), {}, id="the cells say it"),
        pytest.param(("60", "80", "100"), {"head": "管径(cm)"}, id="centimetres that say so"),
        pytest.param(("60cm", "80cm", "100cm"), {}, id="cells of centimetres"),
        pytest.param(("110", "110", "160"), {"material": "PVC"}, id="plastic laterals"),
        pytest.param(("50", "63", "32"), {"kind": "JS", "material": "PE"}, id="house pipes"),
        pytest.param(("50", "80", "100"), {"kind": "JS", "material": "铸铁"}, id="iron mains"),
        pytest.param(
            ("40", "100", "150"), {"kind": "RQ", "material": "钢"}, id="tens with a size that is none"
        ),
        pytest.param(("DN40", "DN50", "DN100"), {"kind": "RQ", "material": "钢"}, id="small tens of DN"),
        pytest.param(
            ("100", "100", "150"), {"kind": "RL", "material": "钢", "burial": "管沟"}, id="pipes in a channel"
        ),
        pytest.param(("10", "10", "20"), {"kind": "DL", "material": "铜"}, id="cables"),
    ],
)
def test_what_tables_have_is_believed(
    tmp_path: Path, sizes: tuple[str, ...], options: dict[str, str]
) -> None:
    delivery = read(tmp_path, *sizes, **options)

    assert asked(delivery) == []
    assert delivery.lines["nominal_width_mm"].notna().all()


@pytest.mark.parametrize(
    ("head", "text", "width_mm"),
    [("管径(厘米)", "60", 600.0), ("管径（分米）", "6", 600.0), ("管径(dm)", "6", 600.0)],
)
def test_a_head_may_name_the_unit_in_chinese(tmp_path: Path, head: str, text: str, width_mm: float) -> None:
    delivery = read(tmp_path, text, head=head)

    assert delivery.lines["nominal_width_mm"].tolist() == [width_mm]
    assert [one for one in delivery.findings if one.code in ("R04", "R54")] == []


@pytest.mark.parametrize("text", ["DN60", "DN600", "De110", "OD110"])
def test_what_is_in_millimetres_by_meaning_is_unknown_under_another_unit(tmp_path: Path, text: str) -> None:
    delivery = read(tmp_path, text, "60", head="管径(cm)")

    assert delivery.lines["nominal_width_mm"].fillna(0).tolist() == [0, 600]
    assert [one.row for one in delivery.findings if one.code == "R04"] == [2]


EXCERPT = Path(__file__).parents[4] / "shared" / "data" / "cn_pipe_survey_excerpt"


@pytest.mark.skipif(not EXCERPT.exists(), reason="the real excerpt is not on this machine")
def test_nothing_of_the_real_excerpt_is_asked_about() -> None:
    tables = [EXCERPT / f"{name}_utf8bom.csv" for name in ("管点调查表", "管线调查表")]

    assert asked(read_survey(tables, catalogue=catalogue())) == []
