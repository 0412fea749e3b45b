"""A changed clearance changes the verdict from its time on, and every answer says by which tables it was judged."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.db.catalogue.test_changes import CHIEF, approved
from tests.db.conflicts.test_check import a_work, everywhere, of
from tests.factories import NOW, a_line, a_run
from xzgis.catalogue.files import shipped
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.standing import loosened, rests_on
from xzgis.conflicts.terms import CheckResult, Measure, Outcome
from xzgis.core.db import transaction

SOON = NOW + timedelta(days=30)


@pytest.fixture
def street(session: Session) -> Session:
    """A water main, whose walls stand 0.3 m beside those of the gas main of the work; everything is surveyed."""
    session.add(a_run("water", axis=a_line(y_m=0.5)))
    everywhere(session)
    return session


def judged(at: datetime) -> CheckResult:
    with transaction(CHIEF) as session:
        return check_work(session, a_work(), catalogue=catalogue(at), sources=Sources(as_of=None)).result


def test_a_looser_clearance_is_in_force_from_its_day_and_is_told(street: Session) -> None:
    for rule in ("H020", "H041"):
        approved(street, key=rule, after={"clearance_m": "0.1"}, wanted_from=SOON)

    before, after = judged(SOON - timedelta(seconds=1)), judged(SOON)

    assert [one.outcome for one in of(before, Measure.HORIZONTAL)] == [Outcome.BREACH]
    assert before.versions["rules"] == shipped().catalogue.version
    assert "rules_changed" not in before.checked
    assert [one.outcome for one in of(after, Measure.HORIZONTAL)] == []
    assert after.versions["rules"] != before.versions["rules"]
    assert {(one["row"], one["bearing"]) for one in after.checked["rules_changed"]} == {
        ("H020", "looser"), ("H041", "looser"),
    }  # fmt: skip
    assert loosened(after)
    assert "H020（比出厂值松）、H041（比出厂值松）" in rests_on(after)[0].zh


def test_a_stricter_clearance_makes_a_finding(street: Session) -> None:
    for rule in ("H020", "H041"):
        approved(street, key=rule, after={"clearance_m": "2"})

    (finding,) = of(judged(NOW), Measure.HORIZONTAL)

    assert finding.required_m == pytest.approx(2.0)
    assert not loosened(judged(NOW))
