"""Saved works for who may not see every line: joints, contests and the check of them."""

import pytest

from tests.db.conflicts.test_check import a_work, everywhere
from tests.db.conflicts.test_seen import CORRIDOR, EXACT, looking
from tests.factories import NOW, a_line, a_run
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.actions.contest import (
    FindingNotFound,
    Objection,
    contest_finding,
    contests_seen,
    lapsed_contests,
    withdraw_told_contest,
)
from xzgis.conflicts.actions.seen import check_for
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.queries.seen import alias_for
from xzgis.conflicts.reports.document import document
from xzgis.conflicts.terms import Outcome
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.networks.models import SecretRecord
from xzgis.works.actions import change_work, save_work
from xzgis.works.queries.saved import document_of, saved_work
from xzgis.works.queries.seen import seen_document
from xzgis.works.terms import TieIn

ROOT = Actor(name="root", via="command")
REASON = "MARK-REASON 与军用线同沟"


@pytest.fixture
def mains(session):
    """A secret gas main that the work ends on, and an ordinary one that it begins on."""
    secret = a_run(
        "gas", axis=a_line(y_m=0.1, x_m=99.0, length_m=30.0), label="MARK-LABEL", pressure_class="medium_A"
    )
    open_one = a_run("gas", axis=a_line(y_m=0.1, x_m=-29.0, length_m=30.0), pressure_class="medium_A")
    session.add_all([secret, open_one])
    everywhere(session)
    session.add(SecretRecord(object_id=secret.object_id, grade=1, reason="试验", since=NOW))
    session.flush()
    return secret.object_id, open_one.object_id


def joined(mains):
    ties = TieIn(chainage_m=100.0, run_id=mains[0]), TieIn(chainage_m=0.0, run_id=mains[1])
    return a_work(tie_ins=ties)


@pytest.fixture
def work(session, mains):
    return save_work(session, actor=ROOT, document=joined(mains), catalogue=catalogue(), now=NOW)


def ties(given):
    return {tie.run_id for run in given.runs for tie in run.tie_ins}


@pytest.mark.parametrize("rights", [(), (EXACT,), (CORRIDOR,)])
def test_a_joint_with_a_line_that_is_not_seen_is_not_told(work, mains, rights):
    with transaction(looking(*rights)) as session:
        shown = ties(seen_document(session, saved_work(session, work.id)))

    assert mains[0] not in shown
    assert (mains[1] in shown) is (EXACT in rights)


def test_who_sees_everything_is_told_every_joint(work, mains):
    with transaction(ROOT) as session:
        assert ties(seen_document(session, saved_work(session, work.id))) == set(mains)


def test_saving_what_was_shown_keeps_the_joints_that_were_not(session, work, mains):
    actor = looking(EXACT)
    with transaction(actor) as opened:
        shown = seen_document(opened, saved_work(opened, work.id)).model_copy(update={"name": "改名"})
        change_work(opened, actor=actor, work_id=work.id, document=shown, catalogue=catalogue(), now=NOW)

    session.refresh(work)
    assert (work.name, ties(document_of(work))) == ("改名", set(mains))


def test_a_run_that_was_moved_loses_the_joints_that_were_not_shown(session, work, mains):
    actor = looking(EXACT)
    with transaction(actor) as opened:
        moved = a_work(y_m=0.2, tie_ins=(TieIn(chainage_m=0.0, run_id=mains[1]),))
        change_work(opened, actor=actor, work_id=work.id, document=moved, catalogue=catalogue(), now=NOW)

    session.refresh(work)
    assert ties(document_of(work)) == {mains[1]}


def test_the_check_of_a_saved_work_counts_the_joints_that_are_not_shown(session, work, mains):
    true = check_work(session, joined(mains), catalogue=catalogue()).result
    actor = looking(EXACT)
    with transaction(actor) as opened:
        shown = seen_document(opened, saved_work(opened, work.id))
        again = check_for(opened, actor, shown, catalogue=catalogue(), work_id=work.id).result

    def items(result):
        """Consents beside them are told apart for lines that are seen and lines that are not."""
        return sorted(
            one.outcome for one in result.findings if one.outcome is not Outcome.CLEAR and not one.advisory
        )

    assert items(again) == items(true)


def test_nobody_finds_a_line_by_joining_to_it(session, mains):
    """The answer is that of a joint with a line that there is not."""
    actor = looking(EXACT)
    unjoined = document(check_work(session, a_work(), catalogue=catalogue()).result)["counts"]
    joined_truly = document(check_work(session, joined(mains), catalogue=catalogue()).result)["counts"]
    only_secret = a_work(tie_ins=(TieIn(chainage_m=100.0, run_id=mains[0]),))
    with transaction(actor) as opened:
        tried = document(check_for(opened, actor, only_secret, catalogue=catalogue()).result)["counts"]
        saved = save_work(opened, actor=actor, document=only_secret, catalogue=catalogue(), now=NOW)
        kept = ties(document_of(saved))

    assert joined_truly != unjoined
    assert {key: tried[key] for key in tried if key != "clear"} == {
        key: unjoined[key] for key in unjoined if key != "clear"
    }
    assert kept == set()


@pytest.fixture
def contested(session):
    """A saved work with a contest by somebody else of its breach with a secret cable, and one of an open main."""
    cable = a_run("power", axis=a_line(y_m=0.31), label="MARK-LABEL", voltage_kv=10.0)
    session.add_all([cable, a_run("water", axis=a_line(y_m=-0.5), label="SW1-SW2")])
    everywhere(session)
    session.add(SecretRecord(object_id=cable.object_id, grade=1, reason="试验", since=NOW))
    session.flush()
    saved = save_work(session, actor=ROOT, document=a_work(), catalogue=catalogue(), now=NOW)
    found = check_work(session, a_work(), catalogue=catalogue()).result.findings
    breach = {
        one.b.kind: one.id
        for one in found
        if one.outcome is Outcome.BREACH and one.measure.value == "horizontal"
    }
    for kind, reason in (("power", REASON), ("water", "已有专项设计")):
        contest_finding(
            session, actor=ROOT, work_id=saved.id, said=Objection(breach[kind], reason), catalogue=catalogue(),
            sources=Sources(), now=NOW,
        )  # fmt: skip
    return saved, breach


def look(actor, work):
    """The checked work, its lapsed contests, and the list of contests, as ``actor`` is told them."""
    with transaction(actor) as opened:

        def check():
            return check_for(opened, actor, a_work(), catalogue=catalogue(), work_id=work.id)

        checked = check()
        listed = {named: is_told for _, named, is_told in contests_seen(opened, work.id, check)}
        return checked.result, lapsed_contests(opened, checked, work.id), listed


def test_a_contest_of_a_line_that_is_not_seen_stands_without_its_reason(contested):
    work, breach = contested

    result, lapsed, listed = look(looking(EXACT), work)

    said = {one.id: one.contest for one in result.findings if one.contest is not None}
    alias = alias_for("looker")(breach["power"])
    assert breach["power"] not in said
    assert (said[alias].reason, said[alias].facts) == ("", "")
    assert said[breach["water"]].reason == "已有专项设计"
    assert lapsed == ()
    assert listed == {alias: False, breach["water"]: True}
    assert "MARK-REASON" not in str(document(result))


def test_his_own_contest_and_who_sees_everything_have_the_reason(contested):
    work, breach = contested
    himself = Actor(name="root", via="page", sight=looking(EXACT).sight)

    for actor in (himself, ROOT):
        result, _, listed = look(actor, work)
        said = {one.id: one.contest for one in result.findings if one.contest is not None}
        named = breach["power"] if actor is ROOT else alias_for("root")(breach["power"])
        assert said[named].reason == REASON
        assert all(listed.values())


def test_a_finding_is_contested_by_the_name_it_is_told_by(session, contested):
    """Kept under its true name; that name itself, which could be tried out from a line's number, is refused."""
    work, breach = contested
    actor = looking(EXACT)
    alias = alias_for(actor.name)(breach["power"])

    def contest(finding_id):
        with transaction(actor) as opened:
            return contest_finding(
                opened, actor=actor, work_id=work.id, said=Objection(finding_id, "不成立"),
                catalogue=catalogue(), sources=Sources(), now=NOW,
            ).finding_id  # fmt: skip

    with pytest.raises(FindingNotFound):
        contest(breach["power"])
    assert contest(alias) == breach["power"]
    result, _, listed = look(actor, work)
    assert {one.id for one in result.findings if one.contest and one.contest.reason == "不成立"} == {alias}
    assert listed[alias] is True
    with transaction(actor) as opened:
        withdraw_told_contest(opened, actor=actor, work_id=work.id, finding_id=alias, now=NOW)
    assert set(look(actor, work)[2]) == {breach["water"]}


def test_a_contest_whose_finding_is_gone_tells_its_reason_to_nobody_with_a_sight(session, contested):
    work, breach = contested
    moved = a_work(y_m=60.0)
    change_work(session, actor=ROOT, work_id=work.id, document=moved, catalogue=catalogue(), now=NOW)
    actor = looking(EXACT)

    with transaction(actor) as opened:
        checked = check_for(opened, actor, moved, catalogue=catalogue(), work_id=work.id)
        lapsed = lapsed_contests(opened, checked, work.id)

    assert {one.contest.reason for one in lapsed} == {""}
    assert {one.finding_id for one in lapsed} == {alias_for("looker")(one) for one in breach.values()}
