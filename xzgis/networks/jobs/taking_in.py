"""A batch goes into the register: behind the command in one transaction with its reading, or read before."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import text

from xzgis.catalogue.queries import catalogue
from xzgis.core.collecting import rarely_collected
from xzgis.core.db import transaction
from xzgis.core.errors import WrongState
from xzgis.core.files import kept_path
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.networks.actions import batches
from xzgis.networks.actions.at_work import hold_fate
from xzgis.networks.actions.register import Written
from xzgis.networks.jobs.ahead import GivenUp, RecordsAhead
from xzgis.networks.jobs.reading import LONG_STATEMENT_S, Read, Watch, keep_delivery, read_files_of, save_read
from xzgis.networks.queries.batches import findings_of
from xzgis.networks.rules.delivery_file import read_delivery
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.rules.same_findings import Same
from xzgis.networks.terms import BatchState

WATCH_CLIENT = text(
    "select set_config('client_connection_check_interval', '2s', true) "
    "where current_setting('client_connection_check_interval', true) is not null"
)


def take_in(
    batch_id: int, *, leave_out_errors: bool = False, same: Same | None = None, watch: Watch | None = None
) -> Written | None:
    """Read a batch and put it into the register in one transaction, unless an error found forbids it.

    None where it did not go in: the batch then stands as :func:`read_batch` leaves it, and so it does when the
    register refuses it. What was read is kept aside while the server takes the records in. Into an empty register
    records go while the delivery is still checked, and are taken back where a finding says so.

    Raises
    ------
    Invalid, WrongState
        As :func:`accept_batch`.
    """
    who = watch or Watch()
    # Asked for before a transaction is held: nothing may wait for a second connection then.
    options = _acceptance(leave_out_errors, same)
    reach_m, codes = options.coverage_reach_m, options.partial_codes
    with rarely_collected(), RecordsAhead(batch_id, who, reach_m=reach_m, codes=codes) as ahead:
        read = read_files_of(batch_id, who, placed_points=ahead.begin, believed=ahead.follow)
        if not isinstance(read, Read):
            return None
        with ThreadPoolExecutor(max_workers=1) as aside:
            keeping = aside.submit(keep_delivery, read.delivery)
            try:
                return _at_once(batch_id, read, keeping, options, who, ahead)
            except GivenUp:
                return None
            except Exception:
                ahead.give_up()
                with transaction(who.actor, statement_timeout_s=LONG_STATEMENT_S) as session:
                    save_read(session, batch_id, read, keeping.result(), who)
                raise


def _at_once(
    batch_id: int,
    read: Read,
    keeping: Future[str],
    options: batches.Acceptance,
    who: Watch,
    ahead: RecordsAhead,
) -> Written | None:
    """Keep what was read and what becomes of it together, or nothing."""
    with ahead.going_in(read, leave_out_errors=options.leave_out_errors) as (session, begun):
        session.execute(WATCH_CLIENT)
        batch = save_read(session, batch_id, read, None, who, is_alone=begun is not None, same=options.same)
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
                now=datetime.now(UTC) if begun is None else begun.written.known_from,
                begun=begun,
            )
        if written is None and begun is not None:
            raise GivenUp  # nothing stands in the register of a batch that did not go in
        batch.delivery_file = keeping.result()
        return written


def accept_batch(
    batch_id: int, *, leave_out_errors: bool = False, same: Same | None = None, watch: Watch | None = None
) -> Written:
    """Put a read batch into the register, all or nothing, in one transaction."""
    who = watch or Watch()
    with rarely_collected(), transaction(who.actor, statement_timeout_s=LONG_STATEMENT_S) as session:
        # Before its row: who wants to give it up hears so at once, instead of waiting for the row.
        hold_fate(session, batch_id)
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


def _acceptance(leave_out_errors: bool, same: Same | None) -> batches.Acceptance:
    tables = catalogue()
    return batches.Acceptance(
        coverage_reach_m=tables.limits.values["coverage_reach_m"],
        sigma_factor=tables.limits.sigma_factor,
        partial_codes=PartialCodes.of(tables),
        leave_out_errors=leave_out_errors,
        same=same,
    )
