"""The points of a first delivery go into the empty register while the delivery is still checked.

The server would wait for the checks otherwise, and the processor of the checks for the server. It is the transaction of
the whole intake: what a finding forbids is taken back with it, and leaves no dead rows, as the table got a new file.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from xzgis.core.db import transaction
from xzgis.networks.actions.batches import Begun
from xzgis.networks.actions.loading import WORTH_REBUILDING, claim_empty
from xzgis.networks.actions.records import Rows, node_frame, placeless, rows_to_write
from xzgis.networks.actions.register import NodesAhead, in_place, write_nodes_ahead
from xzgis.networks.jobs.reading import LONG_STATEMENT_S, Read, Watch
from xzgis.networks.terms import Delivery

# The checks of a large delivery may take longer than a page may leave a transaction open.
MAY_WAIT = text(f"set local idle_in_transaction_session_timeout = '{LONG_STATEMENT_S}s'")


class _GivenUp(Exception):
    """What was written ahead is not kept."""


class PointsAhead:
    """The transaction of an intake, begun before the checks where the register is empty; given up unless it goes in."""

    def __init__(self, batch_id: int, who: Watch) -> None:
        self.batch_id, self.who = batch_id, who
        self._held = ExitStack()
        self._session: Session | None = None
        self._writing: Future[NodesAhead] | None = None
        self._rows: Rows | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_up()

    def begin(self, delivery: Delivery) -> None:
        """Begin to write the points of ``delivery``, if they are many and sound, all may be seen, and the register is empty."""
        is_doubtful = any(one.level == "error" for one in delivery.findings)
        if is_doubtful or len(delivery.points) < WORTH_REBUILDING or self.who.actor.sight is not None:
            return
        self._session = self._held.enter_context(
            transaction(self.who.actor, statement_timeout_s=LONG_STATEMENT_S)
        )
        if not claim_empty(self._session):
            self.give_up()
            return
        self._session.execute(MAY_WAIT)
        aside = self._held.enter_context(ThreadPoolExecutor(max_workers=1))
        self._writing = aside.submit(_written, self._session, self.batch_id, delivery)

    def make_ready(self, read: Read) -> None:
        """Lay out what follows the points while they are written, and wait for their end."""
        if self._writing is None:
            return
        rows = rows_to_write(read.delivery, read.found)
        self._rows = replace(rows, runs=in_place(rows.runs, "axis"))
        self.wait()

    def wait(self) -> None:
        """Until the points are written, or were not: the session belongs to the thread that writes them."""
        writing = self._writing
        if writing is not None:
            writing.exception()

    def give_up(self) -> None:
        """Take back what was written and not kept."""
        self.wait()
        self._session = self._writing = self._rows = None
        # A transaction is taken back by what leaves it.
        self._held.__exit__(_GivenUp, _GivenUp(), None)

    @contextmanager
    def going_in(self, read: Read, *, leave_out_errors: bool) -> Iterator[tuple[Session, Begun | None]]:
        """A transaction for the whole intake, and what it holds already; kept at the end, or nothing is."""
        begun = self._standing(read, leave_out_errors)
        if begun is None or self._session is None:
            self.give_up()
            with transaction(self.who.actor, statement_timeout_s=LONG_STATEMENT_S) as session:
                yield session, None
            return
        try:
            yield self._session, begun
        except BaseException:
            self.give_up()
            raise
        self._session = self._writing = self._rows = None
        self._held.close()

    def _standing(self, read: Read, leave_out_errors: bool) -> Begun | None:
        """What was begun, where every point of it may go in, and all can go in."""
        if self._writing is None or self._rows is None or self._writing.exception() is not None:
            return None  # what stood against it is said on the ordinary way
        errors = [one for one in read.found if one.level == "error"]
        if errors and (not leave_out_errors or any(one.row is None for one in errors)):
            return None
        if np.any(self._rows.points_out & ~placeless(read.delivery)[0]):
            return None
        return Begun(self._writing.result(), self._rows)


def _written(session: Session, batch_id: int, delivery: Delivery) -> NodesAhead:
    nodes = node_frame(delivery, without=placeless(delivery)[0])
    return write_nodes_ahead(session, batch_id=batch_id, nodes=nodes, now=datetime.now(UTC))
