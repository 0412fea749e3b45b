"""A batch is read, understood, placed and checked; the register is not touched."""

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import SYSTEM, Actor
from xzgis.core.collecting import rarely_collected
from xzgis.core.db import transaction
from xzgis.core.errors import DISK_IS_FULL, Invalid, Refusal, is_disk_full
from xzgis.core.files import keep
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.formats.child import Cancelled, Progress
from xzgis.networks.actions import batches
from xzgis.networks.actions.reading import Limits, ReadOptions, read_files
from xzgis.networks.actions.receiving import laid_out
from xzgis.networks.models import Batch
from xzgis.networks.queries.batches import batch_of
from xzgis.networks.rules.delivery_file import write_delivery
from xzgis.networks.rules.same_findings import Same, answered
from xzgis.networks.rules.unreadable import unreadable
from xzgis.networks.terms import BatchState, Delivery, IntakeFinding

# A million segments are written in well under this; a page's limit would stop them.
LONG_STATEMENT_S = 1800
UNFORESEEN = Words(
    "读取时程序出错，文件未导入；请将文件交给系统管理员。",
    "The program failed while reading; nothing was imported. Give the files to the administrator.",
)


@dataclass(frozen=True)
class Watch:
    """Who wants to know how far a step is; a batch's own progress is kept in any case."""

    actor: Actor = SYSTEM
    tell: Progress = field(default=lambda _percent, _step: None)
    cancelled: Callable[[], bool] = field(default=lambda: False)


@dataclass
class Read:
    """A delivery, what was found in its files, and what the register said of them when it was last asked."""

    delivery: Delivery
    found: tuple[IntakeFinding, ...]
    compared: tuple[IntakeFinding, ...] = ()

    @property
    def findings(self) -> tuple[IntakeFinding, ...]:
        """Everything found."""
        return (*self.found, *self.compared)


def read_batch(batch_id: int, *, watch: Watch | None = None) -> BatchState:
    """Read, understand, place and check the files of a batch; the register is not touched.

    Returns the state reached: ``read``, ``refused`` or, when somebody gave it up meanwhile, ``cancelled``.
    """
    who = watch or Watch()
    with rarely_collected():
        read = read_files_of(batch_id, who)
        if not isinstance(read, Read):
            return read
        with transaction(who.actor, statement_timeout_s=LONG_STATEMENT_S) as session:
            batch = save_read(session, batch_id, read, keep_delivery(read.delivery), who)
            return BatchState(batch.state)


def read_files_of(
    batch_id: int,
    who: Watch,
    *,
    placed_points: Callable[[Delivery], None] = lambda _delivery: None,
    believed: Callable[[Delivery], None] = lambda _delivery: None,
) -> Read | BatchState:
    """What the files of a batch hold; the state it was left in where they cannot be read.

    ``placed_points`` and ``believed`` as :class:`Limits` tells them.
    """
    with transaction(who.actor) as session:
        batch = batches.start_reading(session, batch_id=batch_id)
        options, files = dict(batch.options), list(batch.files)
    limits = (settings().child_cpu_s, settings().child_memory_mb)
    steps = _Steps(batch_id, who)
    try:
        work = settings().var_dir / "work"
        work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="intake-", dir=work) as folder:
            paths = laid_out(settings(), files, Path(folder))
            delivery, findings = read_files(
                paths,
                options=ReadOptions.from_json(options),
                catalogue=catalogue(),
                limits=Limits(limits, steps.tell, steps.is_cancelled, placed_points, believed),
            )
    except Cancelled:
        return BatchState.CANCELLED
    except Refusal as refusal:
        return _refuse(batch_id, refusal, who)
    except Exception as error:
        _refuse(batch_id, Invalid(_unforeseen(error)), who)
        raise
    return Read(delivery, findings)


def _unforeseen(error: Exception) -> Words:
    return DISK_IS_FULL if is_disk_full(error) else UNFORESEEN


def _refuse(batch_id: int, refusal: Refusal, who: Watch) -> BatchState:
    with transaction(who.actor) as session:
        names = [str(one["name"]) for one in batch_of(session, batch_id).files]
        batch = batches.refuse_reading(
            session,
            actor=who.actor,
            batch_id=batch_id,
            finding=unreadable(refusal, names),
            now=datetime.now(UTC),
        )
        return BatchState(batch.state)


def keep_delivery(delivery: Delivery) -> str:
    """Put what was read into the store; under which digest."""
    with tempfile.NamedTemporaryFile(prefix="xzgis-delivery-", suffix=".zip") as packed:
        write_delivery(delivery, Path(packed.name))
        with Path(packed.name).open("rb") as file:
            return keep(settings(), file).digest


def save_read(
    session: Session,
    batch_id: int,
    read: Read,
    delivery_file: str | None,
    who: Watch,
    *,
    is_alone: bool = False,
    same: Same | None = None,
) -> Batch:
    """The batch with what was read of it, and with what the register says of that: nothing where it ``is_alone``.

    ``same``: what was said beforehand of lines the register may hold; then they are no errors.
    """
    told = None if is_alone else batches.compared(session, batch_id, read.delivery, catalogue())
    read.compared = () if told is None else answered(told.findings, same)
    batch = batches.save_reading(
        session,
        actor=who.actor,
        batch_id=batch_id,
        delivery=read.delivery,
        findings=read.findings,
        delivery_file=delivery_file,
        now=datetime.now(UTC),
    )
    if told is not None:
        batch.summary = batch.summary | {"held": asdict(told.held)}
    return batch


class _Steps:
    """Keeps a batch's progress where other processes see it, and hears whether it was given up."""

    def __init__(self, batch_id: int, who: Watch) -> None:
        self.batch_id, self.who, self.told = batch_id, who, -1

    def tell(self, percent: float, step: str) -> None:
        self.who.tell(percent, step)
        if int(percent) <= self.told:
            return
        self.told = int(percent)
        with transaction(self.who.actor) as session:
            batches.tell_progress(session, batch_id=self.batch_id, percent=min(self.told, 99), step=step)

    def is_cancelled(self) -> bool:
        if self.who.cancelled():
            return True
        with transaction(self.who.actor) as session:
            return bool(session.scalar(select(Batch.cancel_asked).where(Batch.id == self.batch_id)))
