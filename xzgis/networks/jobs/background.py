"""What the worker does with batches: read one, put one into the register. Each looks at the state first."""

from typing import Any

from xzgis.core.actor import actor_told
from xzgis.core.db import transaction
from xzgis.core.errors import DISK_IS_FULL, Refusal, is_disk_full
from xzgis.core.jobs import job
from xzgis.core.words import Words
from xzgis.networks.actions import batches
from xzgis.networks.actions.at_work import Busy, at_work
from xzgis.networks.actions.sameness import SameUnsaid
from xzgis.networks.jobs.reading import Watch, read_batch
from xzgis.networks.jobs.taking_in import accept_batch
from xzgis.networks.rules.same_findings import Same
from xzgis.networks.terms import BatchState

# How long the successor of a dead process waits for the server to notice the death.
PATIENCE_S = 120.0
NOT_TAKEN_IN = Words(
    "入库时程序出错，登记库没有改动；请重试，如仍出错请告知系统管理员。",
    "The program failed while writing; the register is unchanged. Try again, or tell the administrator.",
)


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
    *, batch_id: int, actor: dict[str, Any] | str, leave_out_errors: bool, same: Same | None = None
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
        _wait_again(batch_id, refusal.words, who, asks_same=isinstance(refusal, SameUnsaid))
    except Exception as error:
        _wait_again(batch_id, DISK_IS_FULL if is_disk_full(error) else NOT_TAKEN_IN, who)
        raise


def _state_of(batch_id: int, who: Watch) -> str:
    with transaction(who.actor) as session:
        return batches.batch_to_change(session, batch_id).state


def _wait_again(batch_id: int, words: Words, who: Watch, *, asks_same: bool = False) -> None:
    with transaction(who.actor) as session:
        batches.refuse_acceptance(session, batch_id=batch_id, words=words, asks_same=asks_same)
