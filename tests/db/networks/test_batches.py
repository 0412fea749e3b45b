"""The life of a batch in the register: all or nothing, whatever happens between the steps."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.factories import NOW, a_batch, an_actor
from xzgis.catalogue.files import catalogue
from xzgis.cli import intake
from xzgis.core import settings as settings_module
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, WrongState
from xzgis.core.jobs import arguments_of_open_jobs
from xzgis.formats.written import write_layers
from xzgis.networks import jobs
from xzgis.networks.actions import batches
from xzgis.networks.actions.at_work import AT_ONCE, release_abandoned
from xzgis.networks.actions.reading import ReadOptions, read_files
from xzgis.networks.actions.receiving import SameContents, laid_out
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Batch, Coverage, Node, Run
from xzgis.networks.queries.batches import batch_of, batch_row, findings_of
from xzgis.networks.queries.export import export_frames
from xzgis.networks.rules.same_findings import Same
from xzgis.networks.terms import BatchState

pytestmark = pytest.mark.usefixtures("read_here")

POINTS = """物探点号,X,Y,地面高程,特征,附属物
{0}1,3793900.000,{1:.3f},30.00,,检查井
{0}2,3793900.000,{2:.3f},29.90,,检查井
{0}3,3793900.000,{3:.3f},29.80,,检查井
"""
LINES = """起点点号,终点点号,起点埋深,终点埋深,管径,材质,埋设方式
{0}1,{0}2,2.50,2.60,{1},砼,直埋
{0}2,{0}{2},2.60,2.70,600,砼,直埋
"""
EAST_M = 517_800.0


def tables(*, start_m: float = EAST_M, size: str = "600", last: str = "3") -> dict[str, str]:
    """Two stretches of a foul sewer; ``last`` other than 3 is a point that was not delivered."""
    return {
        "WSPOINT.csv": POINTS.format("W", start_m, start_m + 30, start_m + 60),
        "WSLINE.csv": LINES.format("W", size, last),
    }


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def upload(files: dict[str, str], **options: Any) -> int:
    sent = [(name, io.BytesIO(content.encode())) for name, content in files.items()]
    return jobs.upload_batch(an_actor(), files=sent, options=options)


def bring(files: dict[str, str], **options: Any) -> int:
    number = upload(files, **options)
    jobs.read_batch(number)
    return number


def state_of(number: int) -> str:
    with transaction(an_actor()) as session:
        return batch_of(session, number).state


def codes(number: int, level: str | None = None) -> list[str]:
    with transaction(an_actor()) as session:
        return [one.code for one in findings_of(session, batch_id=number) if level in (None, one.level)]


def current(session: Session) -> tuple[int, int, int]:
    """Runs, points and coverages of the register now."""
    session.expire_all()
    counts = [
        session.scalar(select(func.count()).select_from(table).where(table.known_to.is_(None))) or 0
        for table in (Run, Node, Coverage)
    ]
    return counts[0], counts[1], counts[2]


def test_reading_leaves_the_register_untouched_and_accepting_fills_it(session: Session) -> None:
    number = bring(tables())
    assert (state_of(number), current(session)) == ("read", (0, 0, 0))

    jobs.accept_batch(number)

    assert (state_of(number), current(session)) == ("accepted", (2, 3, 1))


def test_errors_keep_the_whole_batch_out_until_somebody_leaves_their_rows_out(session: Session) -> None:
    number = bring(tables(last="9"))
    assert state_of(number) == "refused"
    assert "S08" in codes(number, "error")

    with pytest.raises(WrongState):
        jobs.accept_batch(number)
    assert current(session) == (0, 0, 0)
    jobs.accept_batch(number, leave_out_errors=True)

    assert current(session) == (1, 3, 1)
    with transaction(an_actor()) as opened:
        assert batch_of(opened, number).summary["left_out"] == {"points": 0, "lines": 1}
    assert "S08" in codes(number)


def test_a_row_the_register_refuses_leaves_nothing_of_the_batch(own_engine: Any) -> None:
    assert own_engine is not None
    number = bring(tables())
    with transaction(an_actor()) as session:
        session.execute(text("alter table networks_run add constraint one_only check (source_row <> 3)"))

    with pytest.raises(Exception, match="one_only"):
        jobs.accept_batch(number)

    assert state_of(number) == "read"
    with transaction(an_actor()) as session:
        assert current(session) == (0, 0, 0)


def test_a_reading_that_was_killed_is_done_again_from_the_start(session: Session) -> None:
    number = upload(tables())
    with transaction(an_actor()) as opened:
        batches.start_reading(opened, batch_id=number)
    assert (state_of(number), current(session)) == ("reading", (0, 0, 0))

    jobs.read_batch_job(batch_id=number, actor="tester")

    assert state_of(number) == "read"
    jobs.read_batch_job(batch_id=number, actor="tester")
    assert state_of(number) == "read"


def test_a_cancelled_batch_is_neither_read_nor_accepted(session: Session) -> None:
    number = upload(tables())
    with transaction(an_actor()) as opened:
        batches.cancel_batch(opened, actor=an_actor(), batch_id=number, reason="asked", now=NOW)

    jobs.read_batch_job(batch_id=number, actor="tester")

    assert state_of(number) == "cancelled"
    with pytest.raises(WrongState):
        jobs.accept_batch(number)
    assert current(session) == (0, 0, 0)


def test_a_reading_given_up_half_way_stays_cancelled(session: Session) -> None:
    number = upload(tables())

    def give_up(_percent: float, _step: str) -> None:
        with transaction(an_actor()) as opened:
            if batch_of(opened, number).state == "reading":
                batches.cancel_batch(opened, actor=an_actor(), batch_id=number, reason="asked", now=NOW)

    state = jobs.read_batch(number, watch=jobs.Watch(tell=give_up))

    assert state == BatchState.CANCELLED
    assert state_of(number) == "cancelled"
    assert current(session) == (0, 0, 0)


def test_the_same_files_again_are_refused_with_the_earlier_batch(session: Session) -> None:
    first = bring(tables())

    with pytest.raises(SameContents) as refused:
        upload(dict(reversed(tables().items())))

    assert refused.value.batch_id == first
    assert upload(tables(), again=True) > first


@pytest.mark.parametrize(("same", "size_mm"), [("replace", 800.0), ("keep", 600.0)])
def test_a_line_of_the_same_course_is_replaced_or_kept(session: Session, same: Same, size_mm: float) -> None:
    jobs.accept_batch(bring(tables()))
    second = bring(tables(size="800"))
    assert (codes(second, "warning").count("D02"), codes(second, "error")) == (1, ["D03"])

    jobs.accept_batch(second, same=same)

    assert current(session)[:2] == (2, 3)
    sizes = session.scalars(select(Run.nominal_width_mm).where(Run.label == "W1-W2", Run.known_to.is_(None)))
    assert list(sizes) == [size_mm]


def test_undoing_the_newer_batch_brings_the_older_one_back(session: Session) -> None:
    jobs.accept_batch(bring(tables()))
    second = bring(tables(size="800"))
    jobs.accept_batch(second, same="replace")

    with transaction(an_actor()) as opened:
        undo_batch(opened, actor=an_actor(), batch_id=second, now=NOW)

    sizes = session.scalars(select(Run.nominal_width_mm).where(Run.label == "W1-W2", Run.known_to.is_(None)))
    assert list(sizes) == [600.0]
    assert current(session)[:2] == (2, 3)


def test_edges_that_do_not_meet_the_neighbouring_survey_are_told(session: Session) -> None:
    jobs.accept_batch(bring(tables()))

    beside = bring(tables(start_m=EAST_M + 60.3))

    assert "S25" in codes(beside, "warning")


def test_what_a_delivery_replaces_is_no_neighbour_of_it(session: Session) -> None:
    # Two free ends 0.3 m apart: the same delivery once more has both, and meets itself.
    both = (
        POINTS.format("W", EAST_M, EAST_M + 30, EAST_M + 60)
        + POINTS.format("V", EAST_M + 60.3, EAST_M + 90, EAST_M + 120).split("\n", 1)[1]
    )
    ends = LINES.format("W", "600", "3") + LINES.format("V", "600", "3").split("\n", 1)[1]
    files = {"WSPOINT.csv": both, "WSLINE.csv": ends}
    jobs.accept_batch(bring(files))

    assert "S25" not in codes(bring(files, again=True))


def test_lines_without_points_are_told_in_one_sentence(session: Session) -> None:
    number = bring({"YSLINE.csv": LINES.format("Y", "600", "3")})

    with transaction(an_actor()) as opened:
        wrong = [one for one in findings_of(opened, batch_id=number) if one.level != "info"]
    assert [(one.code, one.words.zh) for one in wrong] == [
        ("S01", "管点表缺失：此管线表没有管点，管线没有位置。")
    ]
    with pytest.raises(Invalid):
        jobs.accept_batch(number, leave_out_errors=True)


@pytest.mark.parametrize(
    ("state", "went_in"), [("accepted", (8, 4)), ("undone", (None, None)), ("read", (None, None))]
)
def test_a_list_tells_what_went_in_beside_what_was_delivered(
    session: Session,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    went_in: tuple[int | None, ...],
) -> None:
    summary = {"points": 10, "lines": 9, "left_out": {"points": 2, "lines": 3}, "kept_as_registered": 2}
    batch = a_batch(
        state=state,
        accepted_at=None if state == "read" else NOW,
        undone_at=NOW if state == "undone" else None,
        summary=summary,
    )
    session.add(batch)
    session.flush()
    monkeypatch.setattr(intake, "open_database", lambda: None)

    row = batch_row(batch)
    intake.list_batches(as_json=False)

    shown = next(
        line.split() for line in capsys.readouterr().out.splitlines() if line.split()[0] == str(batch.id)
    )
    assert (row.points, row.lines, row.points_in, row.lines_in) == (10, 9, *went_in)
    assert [cell for cell in shown if cell.isdigit() or cell == "—"][1:5] == [
        "10",
        "9",
        *("—" if count is None else str(count) for count in went_in),
    ]


def test_a_command_that_was_killed_is_told_as_interrupted(session: Session) -> None:
    batch = a_batch(state="read", accepted_at=None, options={AT_ONCE: True})
    session.add(batch)
    session.flush()

    released = release_abandoned(session, actor=an_actor(), now=NOW)

    row = batch_row(batch)
    assert released == [batch.id]
    assert (row.state, row.stopped and row.stopped["zh"]) == ("cancelled", "处理中断，未入库，请重新导入")


def test_what_cannot_be_read_says_why_and_changes_nothing(session: Session) -> None:
    number = bring({"plan.dwg": "AC1032 nothing"})

    assert state_of(number) == "refused"
    assert codes(number) == ["R00"]
    with pytest.raises(WrongState):
        jobs.accept_batch(number)
    assert current(session) == (0, 0, 0)


def test_the_register_as_it_was_is_left_when_the_acceptance_is_refused_later(session: Session) -> None:
    number = bring(tables())
    with transaction(an_actor()) as opened:
        batches.ask_acceptance(
            opened, actor=an_actor(), batch_id=number, leave_out_errors=False, same="replace"
        )
        opened.get_one(Batch, number).delivery_file = None

    jobs.accept_batch_job(batch_id=number, actor="tester", leave_out_errors=False, same="replace")

    assert state_of(number) == "read"
    with transaction(an_actor()) as opened:
        assert "没有读取结果" in batch_of(opened, number).summary["refusal"]["zh"]
    assert current(session) == (0, 0, 0)


def test_what_a_job_did_stands_under_whoever_asked_for_it(session: Session) -> None:
    keeper = Actor(name="li.na", via="page", id=7, unit_id=3, acting_for="wang.wei", address="10.1.2.3")
    sent = [(name, io.BytesIO(content.encode())) for name, content in tables().items()]
    number = jobs.upload_batch(keeper, files=sent, options={})
    jobs.read_batch(number)
    with transaction(keeper) as opened:
        batches.ask_acceptance(opened, actor=keeper, batch_id=number, leave_out_errors=False, same="replace")
        given = arguments_of_open_jobs(opened, "networks.accept_batch")[0]

    jobs.accept_batch_job(**given)

    written = session.execute(
        text("select actor, actor_id, acting_for, address, via from audit_trail where event = :event"),
        {"event": "networks.batch.accepted"},
    ).one()
    assert tuple(written) == ("li.na", 7, "wang.wei", "10.1.2.3", "job")


def test_a_reading_with_other_columns_needs_no_second_upload(session: Session) -> None:
    spoilt = {name: content.replace("管径", "粗细") for name, content in tables().items()}
    number = bring(spoilt)
    assert "粗细" in jobs.facts_of(an_actor(), number)["unmapped"]["WSLINE.csv"]

    jobs.read_again(an_actor(), number, options={"overrides": {"粗细": "section"}})
    jobs.read_batch_job(batch_id=number, actor="tester")

    assert jobs.facts_of(an_actor(), number)["columns"]["WSLINE.csv"]["section"] == "粗细"
    assert jobs.delivery_of(an_actor(), number).lines["nominal_width_mm"].tolist() == [600.0, 600.0]


def test_an_option_that_cannot_be_makes_no_batch(session: Session) -> None:
    with pytest.raises(Invalid):
        upload(tables(), crs="EPSG:0")

    assert session.scalar(select(func.count()).select_from(Batch)) == 0


def test_a_borrowed_depth_is_kept_shown_exported_and_read_again(session: Session, tmp_path: Path) -> None:
    table = (
        "物探点号,连接点号,X,Y,地面高程,特征,埋深,管径,材质,埋设方式\n"
        "JS1,JS2,3793900,517800,30,弯头,1.00,200,铸铁,直埋\n"
        "JS2,JS3,3793900,517830,30,弯头,1.20,200,铸铁,直埋\n"
        "JS3,,3793930,517830,30,终止点,1.30,,,\n"
    )
    jobs.accept_batch(bring({"JS.csv": table}), leave_out_errors=True)
    kept = {run.label: run.assumptions for run in session.scalars(select(Run))}
    out = tmp_path / "register.gpkg"

    write_layers(out, {"runs": export_frames(session, "runs")}, file_format="gpkg", replace=False)
    delivery, _ = read_files([out], options=ReadOptions(), catalogue=catalogue())

    assert "end_depth_of_point" in kept["JS1-JS2"]
    assert [("end_depth_of_point" in (text or "")) for text in delivery.lines["assumptions"]] == [
        "end_depth_of_point" in kept[label] for label in sorted(kept)
    ]


def test_a_name_longer_than_a_file_system_holds_is_read_all_the_same(session: Session) -> None:
    """291 bytes: legal on Windows, and its end says that it holds points."""
    long = "徐" * 90
    sent = [
        (f"{long}管点表.csv", io.BytesIO(b"code,no\n")),
        ("..", io.BytesIO(b"x")),
        ("a\x07\x1b.csv", io.BytesIO(b"y")),
    ]

    number = jobs.upload_batch(an_actor(), files=sent, options={})

    with transaction(an_actor()) as session:
        batch = batch_of(session, number)
        assert [one["name"] for one in batch.files] == [f"{long}管点表.csv", "file", "a__.csv"]
        assert "\x07" not in batch.name
        with tempfile.TemporaryDirectory() as folder:
            paths = laid_out(settings_module.settings(), batch.files, Path(folder))
            assert [path.is_file() for path in paths] == [True] * 3
            assert paths[0].name.endswith("管点表.csv")
