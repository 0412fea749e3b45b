"""Lines of which nobody told what stands at their points: the register says so, and is not clear beside them."""

import pytest
from sqlalchemy import func, select

from tests.db.conflicts.test_check import DAY, a_work, check, everywhere
from tests.db.conflicts.test_seen import CORRIDOR, EXACT, WATER, looking, told
from tests.db.networks.test_batches import bring
from tests.factories import EAST_M, NORTH_M, a_batch, a_line, a_run
from xzgis.audit.models import TrailEntry
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.document import document, verdict
from xzgis.conflicts.reports.standing import rests_on
from xzgis.conflicts.rules.masked import HIDDEN_KIND
from xzgis.networks import jobs
from xzgis.networks.models import Batch

pytestmark = pytest.mark.usefixtures("read_here")

AWAY_M = 3.0
"""North of the work, where a water main of 200 mm is clear."""


def water(session, *points_told, **facts):
    batch = a_batch(points_told=list(points_told))
    session.add(batch)
    session.flush()
    line = a_run("water", axis=a_line(y_m=AWAY_M), batch_id=batch.id, **facts)
    session.add(line)
    everywhere(session)
    return line


def kinds(result):
    return [one["kind"] for one in result.checked.get("without_points", ())]


def delivered(*, points=(), lines=True):
    """A water main beside the work as tables; ``points``: what stands at its three points."""
    things = [*points, "", "", ""][:3]
    rows = "".join(
        f"J{at},{NORTH_M + AWAY_M},{EAST_M + 50 * at},31.0,{thing},JS\n" for at, thing in enumerate(things)
    )
    pipes = "".join(f"J{at},J{at + 1},1.2,1.2,200,JS\n" for at in range(2))
    return {
        "点.csv": "管线点编号,X坐标,Y坐标,地面高程,附属物,管线代码\n" + rows,
        "线.csv": "起点点号,连接点号,起点埋深,终点埋深,管径或断面尺寸,管线代码\n" + (pipes if lines else ""),
    }


@pytest.mark.parametrize("as_of", [None, DAY])
@pytest.mark.parametrize(
    ("points_told", "answer"), [((), "cannot_judge"), (("gas",), "cannot_judge"), (("water",), "clear")]
)
def test_lines_without_points_leave_the_answer_open(session, points_told, answer, as_of):
    water(session, *points_told)

    result = check(session, a_work(), sources=Sources(as_of=as_of)).result

    assert verdict(result) == answer
    assert kinds(result) == ([] if answer == "clear" else ["water"])
    said = [one.zh for one in rests_on(result) if "检查井、阀门井" in one.zh]
    assert len(said) == (answer != "clear")
    assert all("给水" in one for one in said)


@pytest.mark.parametrize(("points", "expected"), [((), []), (("阀门",), ["water"])], ids=str)
def test_a_batch_keeps_of_which_kinds_it_told_the_points(session, points, expected):
    number = bring(delivered(points=points))
    jobs.accept_batch(number)
    everywhere(session)

    assert session.get(Batch, number).points_told == expected
    assert kinds(check(session, a_work()).result) == ([] if expected else ["water"])


def test_what_an_earlier_batch_told_of_the_points_stays_told(session):
    """The same main comes again without a word of its valve: its points are known as before."""
    jobs.accept_batch(bring(delivered(points=("阀门",))))
    again = bring(delivered())
    jobs.accept_batch(again, same="replace")
    everywhere(session)

    assert kinds(check(session, a_work()).result) == []


@pytest.mark.parametrize(
    ("rights", "expected"),
    [((EXACT,), ["water"]), ((WATER,), ["water"]), ((CORRIDOR,), ["water"]), ((), ["withheld"])],
    ids=str,
)
def test_nothing_turns_clear_for_who_does_not_see_the_line(session, rights, expected):
    line = water(session, label="MARK-LABEL")

    result = told(looking(*rights)).result

    assert verdict(result) == "cannot_judge"
    assert kinds(result) == expected
    text = str(document(result))
    assert "MARK-LABEL" not in text
    assert str(line.object_id) not in text or rights in ((EXACT,), (WATER,))
    assert (HIDDEN_KIND in result.checked["without_points"]) is (rights == ())
    asked = session.scalar(
        select(func.count()).select_from(TrailEntry).where(TrailEntry.event == "audit.check.masked")
    )
    assert asked == (0 if rights else 1)


def test_a_line_told_beside_hidden_ones_is_named_and_they_are_not(session):
    water(session)
    batch = a_batch()
    session.add(batch)
    session.flush()
    session.add(a_run("gas", axis=a_line(y_m=-AWAY_M), batch_id=batch.id))
    session.flush()

    result = told(looking(WATER)).result

    assert kinds(check(session, a_work()).result) == ["gas", "water"]
    assert kinds(result) == ["water", "withheld"]
    assert catalogue().kinds["gas"].zh not in str(result.checked["without_points"])


@pytest.mark.parametrize(
    ("lamp", "manhole", "told"), [("路灯", "", []), ("路灯", "人孔", ["power"])], ids=str
)
def test_street_lamps_tell_nothing_of_the_points_of_power(session, lamp, manhole, told):
    """Lamps beside supply cables of which nobody says what stands at their points."""
    points, lines = "", ""
    for code, thing, y_m in (("LD", lamp, 9.0), ("DL", manhole, AWAY_M)):
        points += "".join(
            f"{code}{at},{NORTH_M + y_m},{EAST_M + 50 * at},31.0,{thing},{code}\n" for at in range(3)
        )
        lines += "".join(f"{code}{at},{code}{at + 1},1.2,1.2,100,{code}\n" for at in range(2))
    number = bring({
        "点.csv": "管线点编号,X坐标,Y坐标,地面高程,附属物,管线代码\n" + points,
        "线.csv": "起点点号,连接点号,起点埋深,终点埋深,管径或断面尺寸,管线代码\n" + lines,
    })  # fmt: skip
    jobs.accept_batch(number)
    everywhere(session)

    assert session.get(Batch, number).points_told == told
    assert kinds(check(session, a_work()).result) == ([] if told else ["power"])
