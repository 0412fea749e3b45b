"""Contest a finding of a saved work, and withdraw it: the reason is kept, the finding stays."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.queries.seen import alias_for, seen_of
from xzgis.conflicts.rules.answer import Checked
from xzgis.conflicts.rules.contested import facts_of_finding, with_contests
from xzgis.conflicts.rules.masked import WITHHELD
from xzgis.conflicts.terms import Contest, Finding, Outcome
from xzgis.core.actor import Actor
from xzgis.core.clock import city_zone
from xzgis.core.errors import Invalid, NotFound
from xzgis.core.lens import sight_of, who_looks
from xzgis.core.words import Words
from xzgis.works.actions import keep_contest, withdraw_contest
from xzgis.works.models import WorkContest
from xzgis.works.queries.saved import contests_of, document_of, saved_work


@dataclass(frozen=True, slots=True)
class Objection:
    """Which finding is held not to apply, and why."""

    finding_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A contest whose finding is no longer found, or rests on other facts."""

    finding_id: str
    contest: Contest


class FindingNotFound(NotFound):
    """The saved work has no open finding of that identity."""

    def __init__(self, work_id: int, finding_id: str) -> None:
        super().__init__(Words(
            f"工程 {work_id} 按已保存的内容检查，没有编号为 {finding_id} 的发现；改动后请先保存。",
            f"Work {work_id}, as it is saved, has no finding {finding_id}; save your changes first.",
        ))  # fmt: skip


def contest_finding(
    session: Session,
    *,
    actor: Actor,
    work_id: int,
    said: Objection,
    catalogue: Catalogue,
    sources: Sources,
    now: datetime,
) -> WorkContest:
    """Say that a finding does not apply, with the reason; a contest of the same finding is replaced.

    The work is checked as it is saved, so that the contest rests on the facts of now. It changes no verdict.
    ``said`` names the finding as it is told to who looks; it is kept under its true name.

    Raises
    ------
    WorkNotFound, FindingNotFound
        There is no such work, or no such open finding of it.
    Invalid
        The reason is empty or too long.
    """
    work = document_of(saved_work(session, work_id))
    checked = check_work(session, work, catalogue=catalogue, sources=sources)
    told_id = _told_id(session, checked, sources.as_of)
    finding = next(
        (
            one
            for one in checked.result.findings
            if one.outcome is not Outcome.CLEAR and told_id(one) == said.finding_id
        ),
        None,
    )
    if finding is None:
        raise FindingNotFound(work_id, said.finding_id)
    return keep_contest(
        session, actor=actor, work_id=work_id, finding_id=finding.id, facts=facts_of_finding(finding),
        reason=said.reason, now=now,
    )  # fmt: skip


def _told_id(session: Session, checked: Checked, as_of: datetime | None) -> Callable[[Finding], str]:
    sight, name = sight_of(session), who_looks(session)
    if sight is None or name is None:
        return lambda one: one.id
    return seen_of(session, sight, checked.existing.run_id.tolist(), name=name, as_of=as_of).told_id


def withdraw_told_contest(
    session: Session, *, actor: Actor, work_id: int, finding_id: str, now: datetime
) -> None:
    """Withdraw the contest of a finding that is named as it is told to who looks.

    Raises
    ------
    ContestNotFound
        There is none.
    """
    name = who_looks(session)
    if name is not None:
        alias = alias_for(name)
        rows = contests_of(session, work_id)
        finding_id = next((row.finding_id for row in rows if alias(row.finding_id) == finding_id), finding_id)
    withdraw_contest(session, actor=actor, work_id=work_id, finding_id=finding_id, now=now)


def lapsed_contests(session: Session, checked: Checked, work_id: int) -> tuple[Lapsed, ...]:
    """Contests of a saved work that stand beside no finding of ``checked`` any more, the earliest first.

    ``checked`` comes from :func:`with_contests_of`. Which line it was about cannot be told when the finding is gone:
    who may not see every line is then told the reason only if it is his own.
    """
    standing = {one.id for one in checked.result.findings if one.contest is not None}
    told, named = _told_of(checked), _naming(session)
    return tuple(
        Lapsed(named(row, told), _as_seen(session, row, told))
        for row in contests_of(session, work_id)
        if not standing & {row.finding_id, named(row, told)}
    )


def contests_seen(
    session: Session, work_id: int, check: Callable[[], Checked]
) -> list[tuple[WorkContest, str, bool]]:
    """Every contest of a saved work, the earliest first, with its finding as it is named to who looks, and whether
    its reason may be told to him.

    ``check`` gives the answer for his eyes; it is asked for only where it decides.
    """
    rows = contests_of(session, work_id)
    name = who_looks(session)
    if name is None or not rows:
        return [(row, row.finding_id, True) for row in rows]
    try:
        told = _told_of(check())
    except Invalid:  # saved under other rules: what its findings are about cannot be told
        told = frozenset()
    named = _naming(session)
    return [(row, named(row, told), row.made_by == name or row.finding_id in told) for row in rows]


def _naming(session: Session) -> Callable[[WorkContest, frozenset[str]], str]:
    """How the finding of a contest is named to who looks; ``told`` are the findings of which nothing is kept back."""
    name = who_looks(session)
    if name is None:
        return lambda row, _: row.finding_id
    alias = alias_for(name)
    return lambda row, told: row.finding_id if row.finding_id in told else alias(row.finding_id)


def _told_of(checked: Checked) -> frozenset[str]:
    """The findings of ``checked`` of which nothing is kept back."""
    return frozenset(one.id for one in checked.result.findings if one.b is None or one.b.state != WITHHELD)


def _as_seen(session: Session, row: WorkContest, told: frozenset[str]) -> Contest:
    name = who_looks(session)
    said = _told(row)
    if name is None or row.finding_id in told:
        return said
    return replace(said, reason=said.reason if said.by == name else "")


def _told(row: WorkContest) -> Contest:
    # Its day is the one that people read.
    at = row.made_at.astimezone(city_zone()).isoformat()
    return Contest(reason=row.reason, by=row.made_by, facts=row.facts, at=at)


def with_contests_of(session: Session, checked: Checked, work_id: int) -> Checked:
    """``checked`` with the contests of a saved work beside its findings; those whose facts changed have lapsed."""
    said = {row.finding_id: _told(row) for row in contests_of(session, work_id)}
    return replace(checked, result=with_contests(checked.result, said))
