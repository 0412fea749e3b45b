"""Lines of which nobody told what stands at their points: the register says so, and is not clear beside them."""

from datetime import UTC, datetime

import pytest
import shapely
from sqlalchemy import func, select

from tests.db.conflicts.test_check import DAY, a_work, check, everywhere
from tests.db.conflicts.test_seen import CORRIDOR, EXACT, WATER, looking, told
from tests.db.networks.test_batches import bring
from tests.factories import EAST_M, NORTH_M, a_batch, a_line, a_node, a_run, an_actor
from xzgis.audit.models import TrailEntry
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.document import document, verdict
from xzgis.conflicts.reports.standing import rests_on
from xzgis.conflicts.rules.masked import HIDDEN_KIND
from xzgis.core.db import stored
from xzgis.networks import jobs
from xzgis.networks.actions.undo import undo_batch
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


def delivered(*, points=(), lines=True, first=0):
    """A water main beside the work as tables; ``points``: what stands at its three points or more, from the ``first`` on."""
    things = [*points, "", "", ""][: max(3, len(points))]
    rows = "".join(
        f"J{at},{NORTH_M + AWAY_M},{EAST_M + 50 * at},31.0,{thing},JS\n"
        for at, thing in enumerate(things, first)
    )
    pipes = "".join(f"J{at},J{at + 1},1.2,1.2,200,JS\n" for at in range(first, first + len(things) - 1))
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


@pytest.mark.parametrize("same", ["replace", "keep"])
def test_a_point_that_is_known_tells_nothing_of_the_others(session, same):
    """The main goes on from a valve of an earlier batch, and nobody says what stands along it."""
    jobs.accept_batch(bring(delivered(points=("阀门",), first=-2)))
    onward = bring(delivered())
    jobs.accept_batch(onward, same=same)
    everywhere(session)

    assert session.get(Batch, onward).points_told == []
    assert kinds(check(session, a_work()).result) == ["water"]


def test_what_was_said_once_of_a_point_without_a_word_stays_open(session):
    """Measured again as a whole: of some of the points nobody has told anything yet."""
    jobs.accept_batch(bring(delivered(points=("阀门",), first=-2)))
    jobs.accept_batch(bring(delivered()), same="replace")
    whole = bring(delivered(first=-2, points=("", "", "", "", "")))
    jobs.accept_batch(whole, same="replace")
    everywhere(session)

    assert session.get(Batch, whole).points_told == []
    assert kinds(check(session, a_work()).result) == ["water"]


@pytest.mark.parametrize("own", [(), ("", "", "阀门")], ids=str)
def test_with_the_batch_that_told_the_points_goes_its_word(session, own):
    first = bring(delivered(points=("阀门",)))
    jobs.accept_batch(first)
    again = bring(delivered(points=own))
    jobs.accept_batch(again, same="replace")
    everywhere(session)

    undo_batch(session, actor=an_actor(), batch_id=first, now=datetime.now(UTC))
    session.flush()

    assert session.get(Batch, again).points_told == (["water"] if own else [])
    assert kinds(check(session, a_work()).result) == ([] if own else ["water"])


def test_its_word_goes_from_points_at_which_nothing_stands_too(session):
    """A part of the main came again, and what was told of it stood at another part."""
    first = bring(delivered(points=("阀门", "", "", "", ""), first=-2))
    jobs.accept_batch(first)
    again = bring(delivered())
    jobs.accept_batch(again, same="replace")
    everywhere(session)
    before = kinds(check(session, a_work()).result)

    undo_batch(session, actor=an_actor(), batch_id=first, now=datetime.now(UTC))
    session.flush()

    assert before == []
    assert session.get(Batch, again).points_told == []
    assert kinds(check(session, a_work()).result) == ["water"]


def taken_in(files):
    number = bring(files, again=True)
    jobs.accept_batch(number, same="replace")
    return number


def undo(session, number):
    undo_batch(session, actor=an_actor(), batch_id=number, now=datetime.now(UTC))
    session.flush()


def test_the_word_of_another_batch_tells_nothing_of_the_points_of_the_undone_one(session):
    """Two batches told the two halves of a main that was measured again as a whole."""
    first = taken_in(delivered(points=("阀门", "", "")))
    taken_in(delivered(points=("阀门", "", ""), first=3))
    again = taken_in(delivered(points=("",) * 6))
    everywhere(session)
    before = kinds(check(session, a_work()).result)

    undo(session, first)

    assert before == []
    assert session.get(Batch, again).points_told == []
    assert kinds(check(session, a_work()).result) == ["water"]


def test_a_word_stays_where_an_earlier_batch_told_every_point(session):
    """What was told stands at another part of the main, and the batch between was undone."""
    taken_in(delivered(points=("阀门", "", "", "", ""), first=-2))
    between, last = taken_in(delivered()), taken_in(delivered())
    everywhere(session)

    undo(session, between)

    assert session.get(Batch, last).points_told == ["water"]
    assert kinds(check(session, a_work()).result) == []


@pytest.mark.parametrize("as_of", [None, DAY])
@pytest.mark.parametrize(
    ("kind", "thing", "away_m"), [("heat", "manhole", 7.5), ("power", "cable_manhole", 5.9)]
)
def test_lines_are_asked_as_far_as_a_chamber_on_them_matters(session, kind, thing, away_m, as_of):
    """Told that a chamber stands there, the check cannot judge; not told, it is no more certain."""
    batch = a_batch(points_told=[])
    session.add(batch)
    session.flush()
    session.add(a_run(kind, axis=a_line(y_m=away_m), batch_id=batch.id))
    everywhere(session)

    without = check(session, a_work(), sources=Sources(as_of=as_of)).result
    batch.points_told = [kind]
    place = stored(shapely.Point(EAST_M + 50, NORTH_M + away_m))
    session.add(a_node(kind, place=place, appurtenance=thing, batch_id=batch.id))
    session.flush()
    with_it = check(session, a_work(), sources=Sources(as_of=as_of)).result

    assert kinds(without) == [kind]
    assert {verdict(without), verdict(with_it)} == {"cannot_judge"}
    assert kinds(with_it) == []


def test_a_trunk_that_only_its_zone_concerns_is_not_asked(session):
    """No chamber of it reaches the work from there."""
    batch = a_batch(points_told=[])
    session.add(batch)
    session.flush()
    session.add(a_run("industrial", axis=a_line(y_m=30.0), batch_id=batch.id))
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


def test_a_hidden_line_that_only_its_points_concern_is_not_named(session):
    """Too far off to be judged, near enough for a chamber on it."""
    water(session, "water")
    batch = a_batch()
    session.add(batch)
    session.flush()
    session.add(a_run("heat", axis=a_line(y_m=7.5), batch_id=batch.id))
    session.flush()

    result = told(looking(WATER)).result

    assert kinds(check(session, a_work()).result) == ["heat"]
    assert kinds(result) == ["withheld"]
    assert session.scalar(select(func.count()).where(TrailEntry.event == "audit.check.masked")) == 1


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


def cables(**things):
    """A line of each code as tables; what stands at its points. The first is farther off the work."""
    points, lines = "", ""
    for (code, thing), y_m in zip(things.items(), (9.0, AWAY_M), strict=True):
        points += "".join(
            f"{code}{at},{NORTH_M + y_m},{EAST_M + 50 * at},31.0,{thing},{code}\n" for at in range(3)
        )
        lines += "".join(f"{code}{at},{code}{at + 1},1.2,1.2,100,{code}\n" for at in range(2))
    return {
        "点.csv": "管线点编号,X坐标,Y坐标,地面高程,附属物,管线代码\n" + points,
        "线.csv": "起点点号,连接点号,起点埋深,终点埋深,管径或断面尺寸,管线代码\n" + lines,
    }


@pytest.mark.parametrize(
    ("things", "told"),
    [
        ({"LD": "路灯", "DL": ""}, []),
        ({"LD": "路灯", "DL": "人孔"}, ["power"]),
        ({"LD": "路灯", "XH": ""}, []),
        ({"LD": "路灯", "XH": "人孔"}, ["power"]),
    ],
    ids=str,
)
def test_street_lamps_tell_nothing_of_the_points_of_other_cables(session, things, told):
    """Lamps beside supply or signal cables of which nobody says what stands at their points."""
    number = taken_in(cables(**things))
    everywhere(session)

    assert session.get(Batch, number).points_told == told
    assert kinds(check(session, a_work()).result) == ([] if told else ["power"])


def test_street_lamps_hold_no_word_of_the_points_of_power(session):
    """Measured again: the lamps say what they are, the manholes are known from the batch that is undone."""
    first = taken_in(cables(LD="路灯", DL="人孔"))
    again = taken_in(cables(LD="路灯", DL=""))
    everywhere(session)
    before = session.get(Batch, again).points_told

    undo(session, first)

    assert before == ["power"]
    assert session.get(Batch, again).points_told == []
    assert kinds(check(session, a_work()).result) == ["power"]


@pytest.mark.parametrize("as_of", [None, DAY])
@pytest.mark.parametrize(("sigma_plan_m", "asked"), [(12.0, ["water"]), (0.2, [])])
def test_a_vague_line_is_asked_of_its_points_farther_away(session, as_of, sigma_plan_m, asked):
    batch = a_batch(points_told=[])
    session.add(batch)
    session.flush()
    session.add(a_run("water", axis=a_line(y_m=30.0), batch_id=batch.id, sigma_plan_m=sigma_plan_m))
    everywhere(session)

    result = check(session, a_work(), sources=Sources(as_of=as_of)).result

    assert kinds(result) == asked
