"""What runs in the background, and behind the command: read a batch, put it into the register.

Each step opens its transactions itself and looks at the state first, so that it may run twice.
"""

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from xzgis.catalogue.files import catalogue
from xzgis.core.actor import SYSTEM, Actor, actor_told, told
from xzgis.core.collecting import rarely_collected
from xzgis.core.db import transaction
from xzgis.core.errors import DISK_IS_FULL, Invalid, Refusal, WrongState, is_disk_full
from xzgis.core.files import keep, kept_path
from xzgis.core.jobs import defer, job
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.formats.child import Cancelled, Progress
from xzgis.networks.actions import batches
from xzgis.networks.actions.at_work import Busy, at_work
from xzgis.networks.actions.reading import Limits, ReadOptions, read_files
from xzgis.networks.actions.receiving import digest_of, laid_out, receive_batch
from xzgis.networks.actions.register import Written
from xzgis.networks.models import Batch
from xzgis.networks.queries.batches import batch_of, findings_of
from xzgis.networks.rules.asked_options import check_options
from xzgis.networks.rules.delivery_file import read_delivery, read_facts, write_delivery
from xzgis.networks.terms import BatchState, Delivery, IntakeFinding

# A million segments are written in well under this; a page's limit would stop them.
LONG_STATEMENT_S = 1800
# How long the successor of a dead process waits for the server to notice the death.
PATIENCE_S = 120.0
WATCH_CLIENT = text(
    "select set_config('client_connection_check_interval', '2s', true) "
    "where current_setting('client_connection_check_interval', true) is not null"
)

NOT_TAKEN_IN = Words(
    "入库时程序出错，登记库没有改动；请重试，如仍出错请告知系统管理员。",
    "The program failed while writing; the register is unchanged. Try again, or tell the administrator.",
)
UNFORESEEN = Words(
    "读取时程序出错，文件未导入；请将文件交给系统管理员。",
    "The program failed while reading; nothing was imported. Give the files to the administrator.",
)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the store, and the name it came with."""

    name: str
    digest: str


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


def upload_batch(actor: Actor, *, files: Sequence[tuple[str, BinaryIO]], options: dict[str, Any]) -> int:
    """Keep uploaded files, make a batch of them and queue its reading; the number of the batch.

    Raises
    ------
    Invalid
        No file, one above the limit, or an option that cannot be.
    SameContents
        The same contents came before.
    """
    check_options(options, catalogue())
    return batch_of_kept(actor, kept=keep_files(files), options=options)


def keep_files(files: Sequence[tuple[str, BinaryIO]]) -> list[KeptFile]:
    """Put uploaded files into the store, each under the last part of its name."""
    limit = settings().upload_limit_mb << 20
    return [
        KeptFile(Path(name).name[:200] or "file", keep(settings(), source, limit_bytes=limit).digest)
        for name, source in files
    ]


def batch_of_kept(actor: Actor, *, kept: Sequence[KeptFile], options: dict[str, Any]) -> int:
    """Make a batch of files that lie in the store and queue its reading; the number of the batch."""
    if not kept:
        raise Invalid(Words("没有选择文件。", "No file was chosen."))
    check_options(options, catalogue())
    sizes = [kept_path(settings(), one.digest).stat().st_size for one in kept]
    with transaction(actor) as session:
        batch = receive_batch(
            session,
            actor=actor,
            files=[
                {"name": one.name, "digest": one.digest, "bytes": size}
                for one, size in zip(kept, sizes, strict=True)
            ],
            digest=digest_of([one.digest for one in kept]),
            options=options,
            now=datetime.now(UTC),
        )
        defer(session, "networks.read_batch", once=f"read-{batch.id}", batch_id=batch.id, actor=told(actor))
        return batch.id


def delivery_of(actor: Actor, batch_id: int) -> Delivery:
    """What was read of a batch, for looking at."""
    with transaction(actor) as session:
        batch = batch_of(session, batch_id)
        name = batch.delivery_file
    if name is None:
        raise WrongState(Words(f"批次 {batch_id} 还没有读取结果。", f"Batch {batch_id} has not been read."))
    return read_delivery(kept_path(settings(), name))


def read_again(actor: Actor, batch_id: int, *, options: dict[str, Any]) -> None:
    """Queue another reading of the same files with other options.

    Raises
    ------
    Invalid
        An option that cannot be.
    WrongState
        The batch is in the register, on its way there, or given up.
    """
    check_options(options, catalogue())
    with transaction(actor) as session:
        batches.read_again(session, actor=actor, batch_id=batch_id, options=options)


def facts_of(actor: Actor, batch_id: int) -> dict[str, Any]:
    """How a batch was understood (columns, codes, layers, mapping); empty when nothing was read of it."""
    with transaction(actor) as session:
        name = batch_of(session, batch_id).delivery_file
    return {} if name is None else read_facts(kept_path(settings(), name))


def read_batch(batch_id: int, *, watch: Watch | None = None) -> BatchState:
    """Read, understand, place and check the files of a batch; the register is not touched.

    Returns the state reached: ``read``, ``refused`` or, when somebody gave it up meanwhile, ``cancelled``.
    """
    who = watch or Watch()
    with rarely_collected():
        read = _read(batch_id, who)
        if not isinstance(read, Read):
            return read
        with transaction(who.actor, statement_timeout_s=LONG_STATEMENT_S) as session:
            batch = _save(session, batch_id, read, _kept(read.delivery), who)
            return BatchState(batch.state)


def take_in(
    batch_id: int, *, leave_out_errors: bool = False, same: str = "replace", watch: Watch | None = None
) -> Written | None:
    """Read a batch and put it into the register in one transaction, unless an error found forbids it.

    None where it did not go in: the batch then stands as :func:`read_batch` leaves it, and so it does when the
    register refuses it. What was read is kept aside while the server takes the records in.

    Raises
    ------
    Invalid, WrongState
        As :func:`accept_batch`.
    """
    who = watch or Watch()
    with rarely_collected():
        read = _read(batch_id, who)
        if not isinstance(read, Read):
            return None
        with ThreadPoolExecutor(max_workers=1) as aside:
            keeping = aside.submit(_kept, read.delivery)
            try:
                return _at_once(batch_id, read, keeping, _acceptance(leave_out_errors, same), who)
            except Exception:
                with transaction(who.actor, statement_timeout_s=LONG_STATEMENT_S) as session:
                    _save(session, batch_id, read, keeping.result(), who)
                raise


def _at_once(
    batch_id: int, read: Read, keeping: Future[str], options: batches.Acceptance, who: Watch
) -> Written | None:
    """Keep what was read and what becomes of it together, or nothing."""
    with transaction(who.actor, statement_timeout_s=LONG_STATEMENT_S) as session:
        session.execute(WATCH_CLIENT)
        batch = _save(session, batch_id, read, None, who)
        written = None
        if batch.state == BatchState.READ or (batch.state == BatchState.REFUSED and options.leave_out_errors):
            who.tell(90, "accept")
            written = batches.accept_batch(
                session,
                actor=who.actor,
                batch_id=batch_id,
                delivery=read.delivery,
                findings=read.findings,
                options=options,
                now=datetime.now(UTC),
            )
        batch.delivery_file = keeping.result()
        return written


def _read(batch_id: int, who: Watch) -> Read | BatchState:
    """What the files of a batch hold; the state it was left in where they cannot be read."""
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
                limits=Limits(child=limits, progress=steps.tell, cancelled=steps.is_cancelled),
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
    fault = refusal.faults[0] if refusal.faults else None
    remedy = (
        fault.remedy
        if fault and fault.remedy
        else Words("请按提示改正文件后重新导入", "Mend the file and import again")
    )
    # A refusal of one place often says it already: nobody wants to read it twice.
    words = (
        refusal.words
        if fault is None or fault.words.zh.rstrip("。") in refusal.words.zh
        else Words(f"{refusal.words.zh}{fault.words.zh}", f"{refusal.words.en} {fault.words.en}")
    )
    finding = IntakeFinding(code="R00", level="error", words=words, remedy=remedy)
    with transaction(who.actor) as session:
        batches.refuse_reading(
            session, actor=who.actor, batch_id=batch_id, finding=finding, now=datetime.now(UTC)
        )
    return BatchState.REFUSED


def _kept(delivery: Delivery) -> str:
    """Put what was read into the store; under which digest."""
    with tempfile.NamedTemporaryFile(prefix="xzgis-delivery-", suffix=".zip") as packed:
        write_delivery(delivery, Path(packed.name))
        with Path(packed.name).open("rb") as file:
            return keep(settings(), file).digest


def _save(session: Session, batch_id: int, read: Read, delivery_file: str | None, who: Watch) -> Batch:
    """The batch with what was read of it, and with what the register says of that."""
    read.compared = batches.compared(session, batch_id, read.delivery, catalogue())
    return batches.save_reading(
        session,
        actor=who.actor,
        batch_id=batch_id,
        delivery=read.delivery,
        findings=read.findings,
        delivery_file=delivery_file,
        now=datetime.now(UTC),
    )


def accept_batch(
    batch_id: int, *, leave_out_errors: bool = False, same: str = "replace", watch: Watch | None = None
) -> Written:
    """Put a read batch into the register, all or nothing, in one transaction."""
    who = watch or Watch()
    with rarely_collected(), transaction(who.actor, statement_timeout_s=LONG_STATEMENT_S) as session:
        batch = batches.batch_to_change(session, batch_id)
        if batch.delivery_file is None:
            raise WrongState(
                Words(
                    f"批次 {batch_id} 没有读取结果，不能入库。",
                    f"Batch {batch_id} has not been read and cannot be accepted.",
                )
            )
        # Without it the server would go on for a process that died.
        session.execute(WATCH_CLIENT)
        return batches.accept_batch(
            session,
            actor=who.actor,
            batch_id=batch_id,
            delivery=read_delivery(kept_path(settings(), batch.delivery_file)),
            findings=findings_of(session, batch_id=batch_id),
            options=_acceptance(leave_out_errors, same),
            now=datetime.now(UTC),
        )


def _acceptance(leave_out_errors: bool, same: str) -> batches.Acceptance:
    return batches.Acceptance(
        coverage_reach_m=catalogue().limits.values["coverage_reach_m"],
        leave_out_errors=leave_out_errors,
        same="keep" if same == "keep" else "replace",
    )


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


@job("networks.read_batch", queue="heavy")
def read_batch_job(*, batch_id: int, actor: dict[str, Any] | str) -> None:
    """Read a batch somebody uploaded; a batch no longer waiting for it is left alone."""
    who = Watch(actor=actor_told(actor))
    try:
        with at_work(who.actor, batch_id, wait_s=PATIENCE_S):
            if _state_of(batch_id, who) in (BatchState.RECEIVED, BatchState.READING):
                read_batch(batch_id, watch=who)
    except Busy:
        return  # whoever works on it brings it to its end


@job("networks.accept_batch", queue="heavy")
def accept_batch_job(
    *, batch_id: int, actor: dict[str, Any] | str, leave_out_errors: bool, same: str
) -> None:
    """Put a batch into the register; a batch that somebody dealt with meanwhile is left alone."""
    who = Watch(actor=actor_told(actor))
    try:
        with at_work(who.actor, batch_id, wait_s=PATIENCE_S):
            if _state_of(batch_id, who) == BatchState.ACCEPTING:
                accept_batch(batch_id, leave_out_errors=leave_out_errors, same=same, watch=who)
    except Busy:
        return
    except Refusal as refusal:
        _wait_again(batch_id, refusal.words, who)
    except Exception as error:
        _wait_again(batch_id, DISK_IS_FULL if is_disk_full(error) else NOT_TAKEN_IN, who)
        raise


def _state_of(batch_id: int, who: Watch) -> str:
    with transaction(who.actor) as session:
        return batches.batch_to_change(session, batch_id).state


def _wait_again(batch_id: int, words: Words, who: Watch) -> None:
    with transaction(who.actor) as session:
        batches.refuse_acceptance(session, batch_id=batch_id, words=words)
