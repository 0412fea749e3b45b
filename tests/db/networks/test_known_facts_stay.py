"""A table without a column makes no known fact unknown: chambers and marks stay, levels never do (decision 0079)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.db.networks.test_batches import bring, codes
from xzgis.core import settings as settings_module
from xzgis.networks import jobs
from xzgis.networks.models import Node, Run
from xzgis.networks.queries.batches import batch_of, findings_of

pytestmark = pytest.mark.usefixtures("read_here")

POINTS = "物探点号,X,Y,地面高程"
LINES = "起点点号,终点点号,起点埋深,终点埋深,管径"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def sheet(
    kind: str, *, point: str, line: str, heads: tuple[str, str], ground_m: float = 30.0
) -> dict[str, str]:
    """Two points 40 m apart and the line between them; ``heads`` beside the usual ones, ``point`` and ``line`` under them."""
    rows = "".join(f"W{at},3793900,{517800 + 40 * at},{ground_m}{point}\n" for at in (1, 2))
    return {
        f"{kind}POINT.csv": f"{POINTS}{heads[0]}\n{rows}",
        f"{kind}LINE.csv": f"{LINES}{heads[1]}\nW1,W2,{line}\n",
    }


def only(session: Session, table: type[Run] | type[Node], *names: str) -> tuple[Any, ...]:
    """These columns of the current records, which all agree."""
    session.expire_all()
    asked = select(*(getattr(table, name) for name in names)).where(table.known_to.is_(None))
    (values,) = {tuple(map(str, row)) for row in session.execute(asked)}
    return values


def test_a_table_without_the_column_takes_no_chamber_out(session: Session) -> None:
    heads = (",附属物,井深,权属单位", ",材质")
    first = bring(sheet("WS", point=",检查井,3.0,甲公司", line="2.5,2.5,400,砼", heads=heads))
    jobs.accept_batch(first)

    second = bring(sheet("WS", point="", line="2.5,2.5,400", heads=("", ""), ground_m=30.3))

    told = {one.code: one for one in findings_of(session, batch_id=second) if one.code in ("D04", "D05")}
    assert {code: one.level for code, one in told.items()} == {"D04": "info"}
    assert "附属物 2 个管点、井深 2 个管点、权属 2 个管点、材质 1 条管段" in told["D04"].words.zh
    jobs.accept_batch(second)

    assert only(session, Node, "appurtenance", "owner", "ground_m") == ("manhole", "甲公司", "30.3")
    # The bottom stays where it was under the raised cover.
    assert only(session, Node, "chamber_depth_m") == ("3.3",)
    assert only(session, Run, "material") == ("concrete",)
    summary = batch_of(session, second).summary
    assert summary["facts_kept"] == {
        "points": {"appurtenance": 2, "chamber_depth_m": 2, "owner": 2}, "lines": {"material": 1},
    }  # fmt: skip
    assert summary["facts_lost"] == {"points": {}, "lines": {}}

    jobs.accept_batch(bring(sheet("WS", point="", line="2.5,2.5,400", heads=("", ""))))
    (attributes,) = session.scalars(select(Run.attributes).where(Run.known_to.is_(None)))
    assert attributes == {"材质": "砼", "沿用登记·材质": f"批次 {first}"}
    assert only(session, Node, "chamber_depth_m") == ("3.3",)
    # What stays without being told says what stands.
    again = bring(sheet("WS", point="", line="2.5,2.5,400", heads=("", "")), again=True)
    jobs.accept_batch(again)
    session.expire_all()
    assert batch_of(session, again).summary["unchanged"] == {"points": 2, "lines": 1}


def test_the_words_of_a_fact_stay_with_it_and_the_record_says_the_same(session: Session) -> None:
    def table(*things: str) -> dict[str, str]:
        head = POINTS + (",附属物" if things else "")
        places = (f"W{at},3793900,{517800 + 40 * at},30.0" for at in (1, 2))
        rows = (f"{place},{things[at]}" if things else place for at, place in enumerate(places))
        return {"WSPOINT.csv": "\n".join([head, *rows]) + "\n", "WSLINE.csv": f"{LINES}\nW1,W2,2.5,2.5,400\n"}

    first = bring(table("检查井", "手孔井"))
    jobs.accept_batch(first)

    again = bring(table())
    jobs.accept_batch(again)

    session.expire_all()
    assert batch_of(session, again).summary["unchanged"] == {"points": 2, "lines": 1}
    (attributes,) = session.scalars(
        select(Node.attributes).where(Node.batch_id == again, Node.point_no == "W2")
    )
    assert attributes == {"附属物": "手孔井", "沿用登记·附属物": f"批次 {first}"}


def test_a_word_takes_the_chamber_out_and_an_empty_cell_does_not(session: Session) -> None:
    jobs.accept_batch(bring(sheet("WS", point=",检查井,3.0", line="2.5,2.5,400", heads=(",附属物,井深", ""))))

    jobs.accept_batch(
        bring(sheet("WS", point=",三通,0,", line="2.5,2.5,400", heads=(",特征,附属物,井深", "")))
    )
    assert only(session, Node, "feature", "appurtenance", "chamber_depth_m") == ("tee", "manhole", "3.0")

    told = bring(sheet("WS", point=",排气阀,", line="2.5,2.5,400", heads=(",附属物,井深", "")))
    jobs.accept_batch(told)
    assert only(session, Node, "appurtenance", "chamber_depth_m")[1] == "None"
    assert batch_of(session, told).summary["facts_lost"]["points"] == {"chamber_depth_m": 2}


def test_a_chamber_among_the_features_is_not_wiped_out_by_a_feature(session: Session) -> None:
    jobs.accept_batch(bring(sheet("WS", point=",检查井", line="2.5,2.5,400", heads=(",特征", ""))))

    jobs.accept_batch(bring(sheet("WS", point=",三通", line="2.5,2.5,400", heads=(",特征", ""))))

    assert only(session, Node, "feature", "appurtenance") == ("tee", "manhole")


GAS = ",材质,压力,权属单位,建设年代"


@pytest.mark.parametrize(
    ("heads", "line", "expected", "lost"),
    [
        # Nothing told speaks against it: the same pipe.
        ("", "1.2,1.2,200", ("medium_A", "steel", "甲"), {}),
        # Another year: laid anew, and what was known of the old pipe is unknown of it.
        (",建设年代", "1.2,1.2,200,2020", ("None",) * 3, {"owner": 1, "pressure_class": 1, "material": 1}),
        # A word that nobody understands is no empty cell.
        (",压力", "1.2,1.2,200,怪压", ("None", "steel", "甲"), {"pressure_class": 1}),
        # Levels and sizes were measured: they never stay.
        ("", ",,", ("medium_A", "steel", "甲"), {"level": 1, "size": 1}),
    ],
)
def test_lines_keep_what_tells_them_where_nothing_told_differs(
    session: Session, heads: str, line: str, expected: tuple[str, ...], lost: dict[str, int]
) -> None:
    jobs.accept_batch(bring(sheet("RQ", point="", line="1.2,1.2,200,钢,中压A,甲,2011", heads=("", GAS))))

    second = bring(sheet("RQ", point="", line=line, heads=("", heads)))
    assert ("D05" in codes(second, "warning")) == bool(lost)
    jobs.accept_batch(second)

    assert only(session, Run, "pressure_class", "material", "owner") == expected
    assert batch_of(session, second).summary["facts_lost"]["lines"] == lost
    assert only(session, Run, "crown_m")[0].startswith("[28.8") == ("level" not in lost)
