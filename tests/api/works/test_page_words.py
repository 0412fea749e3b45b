"""What the page of a work says in words, and the file a person takes from it."""

import pytest
from sqlalchemy import select

from tests.api.test_matrix import alone
from tests.factories import EAST_M, NORTH_M, a_batch, a_coverage, a_line, a_run
from tests.signed_in import a_session, sign_in
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.rules.coverage import surveyed_kinds
from xzgis.identity.models import DataRightRow, Post
from xzgis.identity.terms import Role
from xzgis.networks.models import Run, SecretRecord

__all__ = ["alone"]

AXIS = f"{NORTH_M} {EAST_M}\n{NORTH_M} {EAST_M + 40}"
LINE = {
    "kind": "water", "diameter_mm": "200", "burial": "direct_buried", "material": "pe",
    "depth": "cover", "cover_m": "1.2", "axis": AXIS, "sigma_plan_m": "0.01", "sigma_level_m": "0.01",
}  # fmt: skip
HOLE = {
    "axis": "",
    "holes": f"深 2.0\n{NORTH_M + 3} {EAST_M + 10}\n{NORTH_M + 3} {EAST_M + 14}\n"
    f"{NORTH_M + 7} {EAST_M + 14}\n{NORTH_M + 7} {EAST_M + 10}",
}


@pytest.fixture
def page(session, alone):
    """A medium-pressure gas main 5 m to the north of the line, everything surveyed; the planner is signed in."""
    batch = a_batch(points_told=["gas"])
    session.add(batch)
    session.flush()
    main = a_run(
        "gas",
        batch_id=batch.id,
        axis=a_line(y_m=5.0, x_m=-20.0),
        pressure_class="medium_A",
        material="pe",
        burial="direct_buried",
    )
    session.add(main)
    session.add_all(a_coverage(kind) for kind in surveyed_kinds(catalogue()))
    session.flush()
    sign_in(alone, a_session(session, "planner", Role.PLANNER))
    return lambda path, sent: alone.post(path, data=sent, headers={"HX-Request": "true"})


def test_a_needed_consent_is_counted_by_its_name_and_stands_unfolded(page):
    told = page("/works/check", LINE).text

    assert '须征得同意</span> <strong data-count="advice">1</strong>' in told
    assert '<h2 id="h-consents">须征得同意 1 条' in told
    assert told.index('id="h-consents"') < told.index("既有燃气的控制范围")
    assert "开挖注意与提示" not in told


def test_a_finding_of_an_excavation_says_along_what_it_is_counted(page):
    told = page("/works/check", LINE | HOLE).text

    assert "（沿对方管线，从其登记的起点量起）" in told


def test_the_csv_of_the_page_has_heads_for_people(page):
    taken = page("/works/report", LINE | {"format": "csv"}).content.decode("utf-8-sig")

    assert taken.startswith("编号,标识,结论代码,结论,")


@pytest.mark.parametrize(
    ("more", "tone"), [("", "ok"), (f"\n{NORTH_M - 0.2} {EAST_M + 40}\n{NORTH_M - 0.2} {EAST_M}", "ask")]
)
def test_a_line_that_comes_back_beside_itself_is_not_called_clear(page, more, tone):
    told = page("/works/check", LINE | {"axis": AXIS + more}).text

    assert f'<div class="verdict {tone}">' in told
    assert ("折回到自身近旁" in told) is (tone == "ask")


def test_the_csv_of_the_page_says_the_verdict(page):
    taken = page("/works/report", LINE | {"format": "csv"}).content.decode("utf-8-sig")

    assert ",verdict,总结论,clear,满足," in taken


@pytest.mark.parametrize(
    ("path", "asked"),
    [("/works/report", {"format": "csv"}), ("/works/section", {"download": "svg", "at": "20"})],
)
def test_a_file_of_a_secret_line_that_says_no_reason_keeps_what_was_drawn(page, session, path, asked):
    main = session.scalar(select(Run).where(Run.kind == "gas"))
    session.add(SecretRecord(object_id=main.object_id, grade=1, reason="军用", since=main.known_from))
    post = session.scalars(select(Post.id)).one()
    session.add(DataRightRow(post_id=post, precision="exact", secrecy=1))
    session.flush()

    told = page(path, LINE | asked)

    assert told.status_code == 422
    assert '<a href="#f-reason">' in told.text
    assert 'aria-describedby="e-reason' in told.text
    assert f"{NORTH_M} {EAST_M + 40}" in told.text
