"""What the commands of the intake print: the import document, columns that stand under each other, an undo in words."""

import errno
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from psycopg.errors import DiskFull
from sqlalchemy.exc import OperationalError

from xzgis.cli import frame, intake
from xzgis.cli.deliveries import telling
from xzgis.cli.deliveries.aligned import aligned, shown_width
from xzgis.core import settings as settings_module
from xzgis.core.errors import is_disk_full
from xzgis.core.words import Words
from xzgis.networks.terms import IntakeFinding, Level

Members = Mapping[str, type | tuple[type, ...]]
# Names and types of the published import document; more may be added, none renamed.
FINDING: Members = {"code": str, "level": str, "file": str, "sheet": (str, type(None)), "row": (int, type(None)),
           "field": (str, type(None)), "value": (str, type(None)), "message": str, "remedy": str}  # fmt: skip
FILE = {"file": str, "format": str, "rows_read": int, "points": int, "lines": int, "length_m_by_code": dict}
DOCUMENT: Members = {"accepted": bool, "batch": (str, type(None)), "intake": str, "files": list, "crs": dict, "findings": list,
            "counts": dict}  # fmt: skip
CRS = {"decided": str, "how": str, "evidence": list, "swapped_axes": bool}
LENGTH_M = {
    "J": 1053.28,
    "L": 669.22,
    "LD": 1300.22,
    "D": 1280.86,
    "R": 306.28,
    "XH": 82.99,
    "W": 428.7,
    "Y": 715.72,
}


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever language a command before spoke in this process."""
    monkeypatch.setitem(frame._chosen, "lang", "zh")


@pytest.fixture(autouse=True)
def no_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place in which there is no database."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("XZGIS_DATABASE_URL", raising=False)
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def fits(told: dict[str, object], names: Members) -> list[str]:
    """What of ``names`` is missing in a document, or of another type."""
    return [name for name, kind in names.items() if name not in told or not isinstance(told[name], kind)]


def dry_run(files: list[Path], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = intake.import_files(
        files, intake=None, crs=None, dry_run=True, strict=False, leave_out_errors=False, again=False, same="replace",
        displace=False, explode_blocks=False, mapping=None, column=[], code=[], encoding=None,
        level_meaning=None, name=None, as_json=True,
    )  # fmt: skip
    said = capsys.readouterr()
    return status, said.out, said.err


def test_the_excerpt_gives_the_published_document(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared_data / "cn_pipe_survey_excerpt"

    status, out, err = dry_run([folder / "管点调查表_utf8bom.csv", folder / "管线调查表_utf8bom.csv"], capsys)

    told = json.loads(out)
    assert (status, fits(told, DOCUMENT), fits(told["crs"], CRS)) == (0, [], [])
    assert [fits(one, FILE) for one in told["files"]] == [[], []]
    assert {tuple(fits(one, FINDING)) for one in told["findings"] if one["row"] is not None} <= {()}
    assert told["intake"] == "cn_survey"
    assert told["columns"]["管点调查表_utf8bom.csv"]["EXP_NO"] == "point_no"
    assert {(one["field"], one["canonical_field"]) for one in told["findings"] if one["code"] == "S13"} == {
        ("EXP_NO", "point_no")
    }
    assert (told["crs"]["decided"], told["crs"]["how"], told["crs"]["swapped_axes"]) == (
        "EPSG:4548",
        "ranges",
        True,
    )
    points, lines = told["files"]
    assert (points["format"], points["rows_read"], points["points"], points["lines"]) == ("csv", 467, 467, 0)
    assert (lines["format"], lines["rows_read"], lines["points"], lines["lines"]) == ("csv", 460, 0, 460)
    assert lines["length_m_by_code"] == pytest.approx(LENGTH_M, abs=0.05)
    assert set(told["counts"]) == {"error", "warning", "info"}
    assert told["counts"]["error"] == 0
    for level, count in told["counts"].items():
        assert count == sum(one["level"] == level for one in told["findings"])
    assert "%" in err


@pytest.mark.parametrize(
    ("code", "level", "option"),
    [("R01", "error", "--mapping"), ("R33", "info", "--mapping"), ("S08", "error", "--leave-out-errors")],
)
def test_a_remedy_names_the_option_that_does_it_here(code: str, level: Level, option: str) -> None:
    finding = IntakeFinding(code, level, Words("问题", "wrong"), Words("改", "mend it"))

    assert option in telling.remedy_here(finding)


def test_a_table_is_offered_columns_and_not_the_mapping_of_layers() -> None:
    said = telling.remedy_here(IntakeFinding("R01", "warning", Words("问题", "wrong"), Words("改", "mend")))

    assert "--column" in said
    assert "--mapping" not in said


def test_the_value_is_told_once() -> None:
    finding = IntakeFinding(
        "R20", "error", Words("要素 id 必须是文字或数", "an id"), Words("改", "mend"), value="[1]"
    )
    said = IntakeFinding(
        "S03", "error", Words("“3x”不是数值", "“3x” is none"), Words("改", "mend"), value="3x"
    )

    assert (telling.value_beside(finding), telling.value_beside(said)) == ("（值：[1]）", "")


def test_a_refused_file_is_named_with_the_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "odd.geojson").write_text('{"type": 7, "features": []}', encoding="utf-8")

    status, out, _ = dry_run([tmp_path / "odd.geojson"], capsys)

    (told,) = json.loads(out)["findings"]
    assert status == intake.EXIT_NOT_UNDERSTOOD
    assert "odd.geojson" in told["message"]
    assert "type 成员 7 不是文字" in told["message"]


def test_what_cannot_go_in_is_an_error_of_its_row_and_counted_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    point = [117.2, 34.2]
    shapes = [
        {"type": "LineString", "coordinates": [point, [117.2001, 34.2]]},
        {"type": "LineString", "coordinates": [point, point]},
        {"type": "Polygon", "coordinates": [[point, [117.2001, 34.2], [117.2001, 34.2001], point]]},
        None,
    ]
    features = [{"type": "Feature", "properties": {"管类": "RQ"}, "geometry": shape} for shape in shapes]
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )

    status, out, err = dry_run([tmp_path / "a.geojson"], capsys)

    told = json.loads(out)
    named = {(one["code"], one["row"]) for one in told["findings"] if one["level"] == "error"}
    assert {("G05", 2), ("G02", 3), ("G01", 4)} <= named
    assert (status, told["left_out"]["lines"]) == (intake.EXIT_REFUSED, 2)
    # There is no register here, and looking does not make one.
    assert (told["compared"], told["replaced"], told["kept_as_registered"]) == (False, None, None)
    assert told["points_kept_as_registered"] is None
    assert "未与登记库比较（本机还没有登记库）" in err
    assert not list((tmp_path / "var").glob("**/PG_VERSION"))


def test_columns_stand_under_each_other_whatever_the_script() -> None:
    lines = aligned([["批次", "状态", "名称"], ["7", "read", "a"], ["12", "已入库", "管线"]], right=(0,))

    assert lines == ["批次  状态    名称", "   7  read    a", "  12  已入库  管线"]
    assert {shown_width(line.rsplit("  ", 1)[0]) for line in lines} == {14 - 2 * 1, 14 - 2 * 1}


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        pytest.param(OSError(errno.ENOSPC, "No space left on device"), True, id="here"),
        pytest.param(OSError(errno.EDQUOT, "Disk quota exceeded"), True, id="quota"),
        pytest.param(OSError(errno.EACCES, "Permission denied"), False, id="another error"),
        pytest.param(
            OperationalError("copy", {}, DiskFull("could not extend file")), True, id="at the database"
        ),
        pytest.param(DiskFull("could not extend file"), True, id="of the driver"),
        pytest.param(ValueError("5"), False, id="no error of the system"),
    ],
)
def test_a_full_disk_is_known_for_what_it_is(error: Exception, is_full: bool) -> None:
    assert is_disk_full(error) is is_full


def test_two_drawings_are_one_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = {"type": "LineString", "coordinates": [[117.2, 34.2], [117.2001, 34.2]]}
    for name in ("a.geojson", "b.geojson"):
        feature = {"type": "Feature", "properties": {}, "geometry": line}
        (tmp_path / name).write_text(
            json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
        )

    _, _, err = dry_run([tmp_path / "a.geojson", tmp_path / "b.geojson"], capsys)

    told = [line.split() for line in err.splitlines() if "%" in line]
    percents = [int(one[0].rstrip("%")) for one in told]
    assert percents == sorted(percents)
    assert [percents[0], max(percents) < 100] == [0, True]
    assert [one[-1] for one in told if one[0] in ("0%", "50%")] == ["a.geojson", "b.geojson"]
