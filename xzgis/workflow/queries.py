"""Process definitions as they are in force, and every version of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from xzgis.catalogue.terms.changes import ChangeState
from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.workflow.models import ProcessVersion
from xzgis.workflow.rules.reading import digest_of, read
from xzgis.workflow.terms import Definition

#: One at a time: two versions that each call known processes may call each other.
LOCK = 0x57_46_4C_4F


class ProcessNotFound(NotFound):
    """There is no such process."""

    def __init__(self, key: str) -> None:
        super().__init__(Words(f"没有流程“{key[:60]}”。", f"There is no process {key[:60]!r}."))


class VersionNotFound(NotFound):
    """There is no such version."""

    def __init__(self, version_id: int) -> None:
        super().__init__(
            Words(f"没有流程版本 {version_id}。", f"There is no version {version_id} of a process.")
        )


def definition_of(version: ProcessVersion) -> Definition:
    """What a version says."""
    return read(version.bpmn.encode())


def in_force(session: Session, at: datetime) -> Sequence[ProcessVersion]:
    """The version of each process that is in force at ``at``, by key."""
    asked = (
        select(ProcessVersion)
        .where(ProcessVersion.state == ChangeState.APPROVED.value, ProcessVersion.in_force_from <= at)
        .ext(distinct_on(ProcessVersion.process_key))
        .order_by(
            ProcessVersion.process_key, ProcessVersion.in_force_from.desc(), ProcessVersion.number.desc()
        )
    )
    return session.scalars(asked).all()


def in_force_of(session: Session, key: str, at: datetime) -> ProcessVersion | None:
    """The version of one process that is in force at ``at``; None: none is."""
    asked = (
        select(ProcessVersion)
        .where(
            ProcessVersion.process_key == key, ProcessVersion.state == ChangeState.APPROVED.value,
            ProcessVersion.in_force_from <= at,
        )
        .order_by(ProcessVersion.in_force_from.desc(), ProcessVersion.number.desc())
        .limit(1)
    )  # fmt: skip
    return session.scalar(asked)


def versions_of(session: Session, key: str, *, limit: int = 200) -> Sequence[ProcessVersion]:
    """Every version of one process, the newest first.

    Raises
    ------
    ProcessNotFound
        There is none.
    """
    asked = select(ProcessVersion).where(ProcessVersion.process_key == key)
    found = session.scalars(asked.order_by(ProcessVersion.id.desc()).limit(limit)).all()
    if not found:
        raise ProcessNotFound(key)
    return found


def version(session: Session, version_id: int) -> ProcessVersion:
    """One version.

    Raises
    ------
    VersionNotFound
        There is none.
    """
    found = session.get(ProcessVersion, version_id)
    if found is None:
        raise VersionNotFound(version_id)
    return found


def compared_with(
    session: Session, found: ProcessVersion, *, against: int | None, now: datetime
) -> ProcessVersion | None:
    """The version that ``found`` is held against: the one asked for, else the one it supersedes, or would now.

    None: there is none, the process is new.

    Raises
    ------
    VersionNotFound
        There is none of that number, or it is one of another process.
    """
    if against is not None:
        other = version(session, against)
        if other.process_key != found.process_key:
            raise VersionNotFound(against)
        return other
    if found.in_force_from is None:
        return in_force_of(session, found.process_key, found.decided_at or found.withdrawn_at or now)
    asked = (
        select(ProcessVersion)
        .where(
            ProcessVersion.process_key == found.process_key, ProcessVersion.state == ChangeState.APPROVED.value,
            ProcessVersion.number < found.number,
        )
        .order_by(ProcessVersion.number.desc())
        .limit(1)
    )  # fmt: skip
    return session.scalar(asked)


def version_to_decide(session: Session, version_id: int) -> ProcessVersion:
    """One version, locked; raises as :func:`version`."""
    take_turn(session)
    found = session.scalar(
        select(ProcessVersion)
        .where(ProcessVersion.id == version_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise VersionNotFound(version_id)
    return found


def take_turn(session: Session) -> None:
    """Wait until nobody else proposes or decides."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def waiting(session: Session, *, limit: int = 50) -> Sequence[ProcessVersion]:
    """Versions that wait for a decision, the newest first."""
    asked = select(ProcessVersion).where(ProcessVersion.state == ChangeState.PROPOSED.value)
    return session.scalars(asked.order_by(ProcessVersion.id.desc()).limit(limit)).all()


def open_proposal(session: Session, key: str) -> int | None:
    """The version of a process that waits for a decision; None: none does."""
    return session.scalar(
        select(ProcessVersion.id).where(
            ProcessVersion.process_key == key, ProcessVersion.state == ChangeState.PROPOSED.value
        )
    )


def unknown_files(session: Session, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those files that no version of any process is, however it stands."""
    digests = {digest_of(content): file for file, content in files.items()}
    known = session.scalars(select(ProcessVersion.digest).where(ProcessVersion.digest.in_(digests))).all()
    return {file: files[file] for digest, file in digests.items() if digest not in known}


def approved_after(session: Session, key: str, at: datetime) -> ProcessVersion | None:
    """The first approved version of a process that comes into force after ``at``; None: none does."""
    asked = (
        select(ProcessVersion)
        .where(
            ProcessVersion.process_key == key, ProcessVersion.state == ChangeState.APPROVED.value,
            ProcessVersion.in_force_from > at,
        )
        .order_by(ProcessVersion.in_force_from)
        .limit(1)
    )  # fmt: skip
    return session.scalar(asked)


def last_number(session: Session, key: str) -> int:
    """The number of the last approved version of a process; 0 before the first."""
    return (
        session.scalar(select(func.max(ProcessVersion.number)).where(ProcessVersion.process_key == key)) or 0
    )


def called_by_key(session: Session, at: datetime) -> dict[str, tuple[str, ...]]:
    """Which processes each process calls as they are in force at ``at``."""
    return {one.process_key: definition_of(one).calls() for one in in_force(session, at)}
