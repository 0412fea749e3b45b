"""The records of a first delivery go into the empty register while the delivery is still checked.

The server would wait for the checks otherwise, and the processor of the checks for the server. It is the transaction of
the whole intake: what a finding forbids is taken back with it, and leaves no dead rows, as the tables got new files. Lines
are taken back alone where their points stand.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Event
from types import TracebackType
from typing import Self

import numpy as np
import pandas as pd
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from xzgis.core.db import ask_through, transaction
from xzgis.networks.actions.at_work import hold_fate, holds_fate
from xzgis.networks.actions.batches import Begun
from xzgis.networks.actions.coverage import Ground, ground_of
from xzgis.networks.actions.loading import WORTH_REBUILDING, claim_empty
from xzgis.networks.actions.records import Rows, node_frame, placeless, rows_to_write
from xzgis.networks.actions.register import Ahead, in_place, write_nodes_ahead, write_runs_ahead
from xzgis.networks.jobs.reading import LONG_STATEMENT_S, Read, Watch
from xzgis.networks.models import Batch
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.terms import BatchState, Delivery, IntakeFinding

# The checks of a large delivery may take longer than a page may leave a transaction open.
MAY_WAIT = text(f"set local idle_in_transaction_session_timeout = '{LONG_STATEMENT_S}s'")


class GivenUp(Exception):
    """What was written ahead is not kept."""


@dataclass(frozen=True)
class _Lines:
    """Lines written behind their points, and what takes them back alone."""

    written: Ahead
    apart: ExitStack


class RecordsAhead:
    """The transaction of an intake, begun before the checks where the register is empty; given up unless it goes in."""

    def __init__(self, batch_id: int, who: Watch, *, reach_m: float, codes: PartialCodes) -> None:
        self.batch_id, self.who, self.reach_m, self.codes = batch_id, who, reach_m, codes
        self._held = ExitStack()
        self._aside: ThreadPoolExecutor | None = None
        self._session: Session | None = None
        self._points: Future[Ahead] | None = None
        self._frame: pd.DataFrame | None = None
        self._delivery: Delivery | None = None
        self._rows: Future[Rows] | None = None
        self._lines: Future[_Lines] | None = None
        self._ground: Future[Ground] | None = None
        self._unwanted = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_up()

    def begin(self, delivery: Delivery) -> None:
        """Begin to write the points of ``delivery``, if they are many and sound, all may be seen, and the register is empty.

        From here to the end nobody gives the batch up; one that was given up by now is left alone.
        """
        if (
            _is_doubtful(delivery)
            or len(delivery.points) < WORTH_REBUILDING
            or self.who.actor.sight is not None
        ):
            return
        self._session = self._held.enter_context(
            transaction(self.who.actor, statement_timeout_s=LONG_STATEMENT_S)
        )
        if not self._still_wanted(self._session) or not claim_empty(self._session):
            self.give_up()
            return
        self._session.execute(MAY_WAIT)
        self._aside = self._held.enter_context(ThreadPoolExecutor(max_workers=2))
        ask_through(None)  # the session is the other thread's until it has written
        self._frame = delivery.points
        self._points = self._aside.submit(_points_written, self._session, self.batch_id, delivery)

    def _still_wanted(self, session: Session) -> bool:
        if not holds_fate(session, self.batch_id, wait_s=0.0):
            return False  # somebody gives it up at this moment
        state = session.scalar(select(Batch.state).where(Batch.id == self.batch_id))
        return state == BatchState.READING

    def follow(self, delivery: Delivery) -> None:
        """Let the lines of ``delivery``, of which only a finding can keep a row out, follow its points."""
        if self._points is None:
            self.begin(delivery)
        if delivery.points is not self._frame:
            self.give_up()  # other points than those that were told before
        if self._aside is None or self._session is None or self._points is None:
            return
        if len(delivery.lines) < WORTH_REBUILDING:
            return  # too few for a new file of the table: they would leave dead rows
        self._delivery = delivery
        self._rows = self._aside.submit(_laid_out, delivery, ())
        self._lines = self._aside.submit(self._lines_written, self._session, self._points, self._rows)
        self._ground = self._aside.submit(_ground, self._rows, self.reach_m, self.codes)

    def _lines_written(self, session: Session, points: Future[Ahead], rows: Future[Rows]) -> _Lines:
        ahead, runs = points.result(), rows.result().runs
        with ExitStack() as apart:
            apart.enter_context(session.begin_nested())
            written = write_runs_ahead(
                session, batch_id=self.batch_id, runs=runs, ahead=ahead, before_each=self._go_on
            )
            return _Lines(written, apart.pop_all())

    def _go_on(self) -> None:
        if self._unwanted.is_set():
            raise GivenUp

    def _wait(self) -> None:
        """Until all is written, or was not: the session belongs to the thread that writes."""
        for writing in (self._points, self._lines):
            if writing is not None:
                writing.exception()

    def give_up(self) -> None:
        """Take back what was written and not kept."""
        self._unwanted.set()
        self._wait()
        self._forget()
        # A transaction is taken back by what leaves it.
        self._held.__exit__(GivenUp, GivenUp(), None)

    def _forget(self) -> None:
        self._aside = self._session = self._frame = self._delivery = None
        self._points = self._rows = self._lines = self._ground = None
        self._unwanted = Event()

    @contextmanager
    def going_in(self, read: Read, *, leave_out_errors: bool) -> Iterator[tuple[Session, Begun | None]]:
        """A transaction for the whole intake, and what it holds already; kept at the end, or nothing is.

        Nobody gives the batch up meanwhile.

        Raises
        ------
        Busy
            Somebody decides on the batch just now.
        """
        begun = self._standing(read, leave_out_errors)
        if begun is None or self._session is None:
            self.give_up()
            with transaction(self.who.actor, statement_timeout_s=LONG_STATEMENT_S) as session:
                hold_fate(session, self.batch_id)
                yield session, None
            return
        ask_through(self._session)
        try:
            yield self._session, begun
        except BaseException:
            self.give_up()
            raise
        self._forget()
        self._held.close()

    def _standing(self, read: Read, leave_out_errors: bool) -> Begun | None:
        """What was begun, where every point of it may go in, and all can go in."""
        errors = [one for one in read.found if one.level == "error"]
        if errors or read.delivery is not self._delivery:
            self._unwanted.set()
        if errors and (not leave_out_errors or any(one.row is None for one in errors)):
            return None
        self._wait()
        if self._points is None or self._points.exception() is not None:
            return None  # what stood against it is said on the ordinary way
        lines, rows, ground = self._written_lines(), self._rows, self._ground
        if lines is not None and rows is not None and ground is not None:
            return Begun(lines, rows.result(), None if ground.exception() else ground.result())
        staying = _laid_out(read.delivery, read.found)
        if np.any(staying.points_out & ~placeless(read.delivery)[0]):
            return None
        return Begun(self._points.result(), staying)

    def _written_lines(self) -> Ahead | None:
        """The lines that stay; unwanted ones are taken back behind their points, also when all were written in time."""
        if self._lines is None or self._lines.exception() is not None:
            return None
        lines = self._lines.result()
        if self._unwanted.is_set():
            lines.apart.__exit__(GivenUp, GivenUp(), None)
            return None
        lines.apart.close()
        return lines.written


def _is_doubtful(delivery: Delivery) -> bool:
    return any(one.level == "error" for one in delivery.findings)


def _laid_out(delivery: Delivery, found: tuple[IntakeFinding, ...]) -> Rows:
    rows = rows_to_write(delivery, found)
    return replace(rows, runs=in_place(rows.runs, "axis"))


def _ground(rows: Future[Rows], reach_m: float, codes: PartialCodes) -> Ground:
    told = rows.result()
    return ground_of(told, told.runs, reach_m=reach_m, codes=codes)


def _points_written(session: Session, batch_id: int, delivery: Delivery) -> Ahead:
    nodes = node_frame(delivery, without=placeless(delivery)[0])
    return write_nodes_ahead(session, batch_id=batch_id, nodes=nodes, now=datetime.now(UTC))
