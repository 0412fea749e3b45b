"""Records into the register: many at once from a batch, or one new version of one object."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from geoalchemy2.shape import to_shape
from psycopg.errors import Error as DriverError
from shapely.geometry.base import BaseGeometry
from sqlalchemy import BigInteger, Table, cast, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.copying import copy_rows
from xzgis.core.errors import Invalid, NotFound
from xzgis.core.lens import as_it_is, sight_of
from xzgis.core.words import Words
from xzgis.networks.actions.loading import quick_load
from xzgis.networks.events import RecordRemoved, RecordReplaced
from xzgis.networks.models import Node, Run
from xzgis.networks.queries.batches import unchanged_of
from xzgis.networks.terms import IntArray
from xzgis.spatial.extent import extent_of

MOMENT = timedelta(microseconds=1)
Record = type[Run] | type[Node]
# Left to the database, or given once for the whole batch.
OURS = {"version_id", "batch_id", "known_from", "known_to"}
LINKS = {"from_node": "from_node_id", "to_node": "to_node_id"}


@dataclass(frozen=True)
class Written:
    """What a write brought: identities in the order of the frames' rows, how many were replaced, and by the same."""

    node_ids: IntArray
    run_ids: IntArray
    nodes_replaced: int
    runs_replaced: int
    nodes_unchanged: int = 0
    runs_unchanged: int = 0


@dataclass(frozen=True)
class Ahead:
    """What an open transaction holds already: identities in the order of the frames' rows, and since when.

    ``run_ids`` is None where only the points were written.
    """

    node_ids: IntArray
    known_from: datetime
    run_ids: IntArray | None = None


def take_object_ids(session: Session, count: int) -> IntArray:
    """Fresh identities for ``count`` objects; never given twice, even when the transaction fails."""
    # As one run of bytes: a million identities as rows cost seconds.
    asked = text(
        "select string_agg(int8send(nextval('networks_object_id')), ''::bytea) from generate_series(1, :count)"
    )
    packed = session.scalar(asked, {"count": count}) if count else b""
    return np.frombuffer(bytes(packed or b""), ">i8").astype(np.int64)


def write_nodes_ahead(session: Session, *, batch_id: int, nodes: pd.DataFrame, now: datetime) -> Ahead:
    """Write the points of a batch into an empty register; its lines follow in the same transaction, or nothing does.

    ``nodes`` as :func:`write_records` takes them, all of them new. The caller locks the batch before the transaction
    ends, and has seen to it that no other record comes in meanwhile.
    """
    nodes = _clean(Node, nodes).assign(object_id=take_object_ids(session, len(nodes)))
    _load(session, Node, in_place(nodes, "place"), batch_id=batch_id, known_from=now, is_batch_there=True)
    return Ahead(nodes["object_id"].to_numpy(), now)


def write_runs_ahead(
    session: Session, *, batch_id: int, runs: pd.DataFrame, ahead: Ahead, before_each: Callable[[], None]
) -> Ahead:
    """Write the lines of a batch behind its points, all of them new and linked to those; what is written then.

    ``before_each``: called before each block of rows; what it raises ends the writing.
    """
    runs = _clean(Run, runs).assign(object_id=take_object_ids(session, len(runs)))
    linked = in_place(_linked(session, runs, ahead.node_ids), "axis")
    known_from = ahead.known_from
    _load(
        session, Run, linked,
        batch_id=batch_id, known_from=known_from, is_batch_there=True, before_each=before_each,
    )  # fmt: skip
    return replace(ahead, run_ids=runs["object_id"].to_numpy())


def write_records(
    session: Session,
    *,
    batch_id: int,
    nodes: pd.DataFrame,
    runs: pd.DataFrame,
    now: datetime,
    ahead: Ahead | None = None,
) -> Written:
    """Write the records of a batch, all or nothing in the caller's transaction. The caller records the event.

    Parameters
    ----------
    nodes, runs
        Columns named as those of ``networks_node`` and ``networks_run``; a column left out takes its
        default or NULL. ``place`` and ``axis`` are shapely geometries in the storage CRS without Z. ``crown_m``,
        ``bottom_m`` and ``ground_m`` of runs are ragged: :func:`xzgis.core.copying.ragged` (values, offsets),
        or one sequence per row; NaN is unknown. ``attributes`` are dicts or JSON text.
        ``object_id`` may be left out or be missing in a row: a fresh one is given. A row with the identity of
        a current record replaces it. Instead of ``from_node_id`` and ``to_node_id`` the runs may have
        ``from_node`` and ``to_node``: the position (0, 1, …) of the row in ``nodes``, missing or negative
        where there is none; there the identity counts, if one is given. Instead of ``bank_id`` they may have
        ``bank``: any number per duct bank, made unique in the register here.
    now
        The moment from which the records are known.
    ahead
        ``nodes``, or both, written in this transaction before (:func:`write_nodes_ahead`, :func:`write_runs_ahead`).

    Raises
    ------
    Invalid
        A column does not exist, or the database refuses a record (the message names the constraint).
    """
    if ahead is not None and ahead.run_ids is not None:
        return Written(ahead.node_ids, ahead.run_ids, nodes_replaced=0, runs_replaced=0)
    nodes, runs = _clean(Node, nodes), _clean(Run, runs)
    old_nodes, old_runs = _given(nodes), _given(runs)
    nodes = nodes.assign(object_id=_identities(session, nodes) if ahead is None else ahead.node_ids)
    runs = runs.assign(object_id=_identities(session, runs))
    named = [runs[name].dropna() for name in LINKS.values() if name in runs.columns]
    runs = _linked(session, runs, nodes["object_id"].to_numpy())
    known_from = _moment_after(session, (Node, old_nodes), (Run, old_runs), now=now)
    replaced = [_close(session, Node, old_nodes, known_from), _close(session, Run, old_runs, known_from)]
    with ThreadPoolExecutor(max_workers=1) as aside:
        # While the server takes the nodes in, the runs are put in order.
        ordered = aside.submit(in_place, runs, "axis")
        if ahead is None:
            _load(session, Node, in_place(nodes, "place"), batch_id=batch_id, known_from=known_from)
        _check_nodes(session, named)
        _load(session, Run, ordered.result(), batch_id=batch_id, known_from=known_from)
    return Written(
        node_ids=nodes["object_id"].to_numpy(),
        run_ids=runs["object_id"].to_numpy(),
        nodes_replaced=replaced[0],
        runs_replaced=replaced[1],
        nodes_unchanged=unchanged_of(session, Node, batch_id) if replaced[0] else 0,
        runs_unchanged=unchanged_of(session, Run, batch_id) if replaced[1] else 0,
    )


def _load(
    session: Session,
    table: Record,
    rows: pd.DataFrame,
    *,
    batch_id: int,
    known_from: datetime,
    is_batch_there: bool = False,
    before_each: Callable[[], None] = lambda: None,
) -> None:
    target = table.__table__
    assert isinstance(target, Table)
    if rows.empty:
        return
    kinds = [str(kind) for kind in rows["kind"].dropna().unique()] if "kind" in rows.columns else []
    constants = {"batch_id": batch_id, "known_from": known_from}
    try:
        looked_for = None if is_batch_there else batch_id
        with quick_load(session, target, batch_id=looked_for, kinds=kinds, rows=len(rows)):
            copy_rows(session, target, rows, constants, before_each=before_each)
    except DriverError as error:
        raise _refused(error) from error


def _clean(table: Record, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as it is, once its columns are known to be ours."""
    known = {column.name for column in table.__table__.columns} - OURS
    known |= {*LINKS, "bank"} if table is Run else set()
    strange = [str(name) for name in frame.columns if name not in known]
    if strange:
        names = "、".join(strange)
        raise Invalid(
            Words(
                f"登记表没有这些列：{names}；请改用登记表的列名。",
                f"The register has no such columns: {', '.join(strange)}.",
            )
        )
    return pd.DataFrame(frame).reset_index(drop=True)


def _given(frame: pd.DataFrame) -> list[int]:
    """Identities that the frame names: of records that will be replaced."""
    return [int(identity) for identity in frame["object_id"].dropna()] if "object_id" in frame.columns else []


def _identities(session: Session, frame: pd.DataFrame) -> IntArray:
    """The identities given, fresh ones where there is none."""
    if "object_id" not in frame.columns:
        return take_object_ids(session, len(frame))
    given = frame["object_id"].astype("Int64")
    ids: IntArray = np.array(given.fillna(0), np.int64)
    missing = given.isna().to_numpy()
    ids[missing] = take_object_ids(session, int(missing.sum()))
    return ids


def _linked(session: Session, runs: pd.DataFrame, node_ids: IntArray) -> pd.DataFrame:
    """The runs with identities instead of positions of nodes and numbers of banks."""
    for position, identity in LINKS.items():
        if position in runs.columns:
            rows = runs[position].astype("Int64").to_numpy(dtype=np.int64, na_value=-1)
            ids = pd.array(node_ids[rows.clip(0)] if len(node_ids) else rows, dtype="Int64")
            ids[rows < 0] = runs[identity].array[rows < 0] if identity in runs.columns else pd.NA
            runs = runs.drop(columns=position).assign(**{identity: ids})
    if "bank" in runs.columns:
        number, banks = pd.factorize(runs["bank"])
        ids = pd.array(np.append(take_object_ids(session, len(banks)), 0)[number], dtype="Int64")
        ids[number < 0] = pd.NA
        runs = runs.drop(columns="bank").assign(bank_id=ids)
    return runs


def _check_nodes(session: Session, named: Sequence[pd.Series]) -> None:
    """Refuse ends at nodes that do not exist: in a large load the trigger that looks at them rests.

    ``named``: identities that the frame gave itself; those linked by position were written just now.
    """
    wanted = sorted({int(identity) for ids in named for identity in ids.unique()})
    if not wanted:
        return
    asked = select(Node.object_id).where(Node.object_id == func.any(cast(wanted, ARRAY(BigInteger))))
    missing = sorted(set(wanted) - set(session.scalars(asked)))
    if missing:
        shown = ", ".join(str(one) for one in missing[:5])
        raise Invalid(
            Words(
                f"管段引用的管点不存在：{shown}（约束 fk_networks_run_node）；没有写入任何内容。",
                f"Runs end at nodes that do not exist: {shown}; nothing was written.",
            )
        )


def _moment_after(session: Session, *tables: tuple[Record, list[int]], now: datetime) -> datetime:
    """``now``, or just after the youngest version that is about to be replaced, so that time goes forward."""
    latest = now
    for table, ids in tables:
        known = (
            session.scalar(select(func.max(table.known_from)).where(_current(table, ids))) if ids else None
        )
        latest = max(latest, known + MOMENT) if known else latest
    return latest


def _current(table: Record, ids: list[int]) -> Any:
    return table.known_to.is_(None) & (table.object_id == func.any(cast(ids, ARRAY(BigInteger))))


def _close(session: Session, table: Record, ids: list[int], moment: datetime) -> int:
    if not ids:
        return 0
    done = session.execute(
        update(table).where(_current(table, ids)).values(known_to=moment).returning(table.version_id)
    )
    return len(done.all())


def in_place(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows in the order of a curve that fills the plane: what lies together is read together."""
    if len(frame) < 2:
        return frame
    shapes = np.asarray(frame[column], dtype=object)
    bounds = shapely.bounds(shapes)
    middle = np.nan_to_num((bounds[:, :2] + bounds[:, 2:]) / 2)
    low, high = middle.min(axis=0), middle.max(axis=0)
    cell = ((middle - low) / np.maximum(high - low, 1.0) * 65_535).astype(np.uint64)
    key = _spread(cell[:, 0]) | (_spread(cell[:, 1]) << np.uint64(1))
    if (key[1:] >= key[:-1]).all():
        return frame
    return frame.iloc[np.argsort(key, kind="stable")]


def _spread(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The 16 bits of each number with a gap after every bit."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        numbers = (numbers | (numbers << np.uint64(shift))) & np.uint64(mask)
    return numbers


def _refused(error: DriverError) -> Exception:
    """The refusal of the database as a sentence; anything else as it is."""
    state = error.sqlstate or ""
    if not state.startswith(("22", "23")):
        return error
    what = error.diag.constraint_name or error.diag.message_primary or ""
    return Invalid(
        Words(
            f"登记库拒绝了其中一条记录（约束 {what}）；没有写入任何内容。请检查该批数据后重新导入。",
            f"The register refused a record (constraint {what}); nothing was written. Mend the batch and import again.",
        )
    )


def replace_record(
    session: Session,
    table: Record,
    *,
    actor: Actor,
    object_id: int,
    changes: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> Run | Node:
    """A new version of one record with ``changes`` (column → value); the old one stays in the history.

    The batch of origin stays, so that undoing it takes the changed record out too.
    """
    before = _to_change(session, table, object_id)
    strange = sorted(
        set(changes) - ({column.name for column in table.__table__.columns} - OURS - {"object_id"})
    )
    if strange:
        raise Invalid(
            Words(f"不能更改：{'、'.join(strange)}。", f"These cannot be changed: {', '.join(strange)}.")
        )
    kept = {column.name: getattr(before, column.name) for column in table.__table__.columns}
    moment = max(now, before.known_from + MOMENT)
    before.known_to = moment
    session.flush()
    after = table(**{**kept, **changes, "version_id": None, "known_from": moment, "known_to": None})
    session.add(after)
    session.flush()
    told = {name: [_plain(kept[name]), _plain(value)] for name, value in changes.items()}
    event = RecordReplaced(
        object_id=str(object_id), record_kind=table.__tablename__, reason=reason, changes=told
    )
    place = extent_of([_place(before), _place(after)])
    record(session, actor=actor, event=event, now=now, place=place)
    return after


def remove_record(
    session: Session, table: Record, *, actor: Actor, object_id: int, reason: str, now: datetime
) -> None:
    """Take one record out of the register; it stays readable as it was."""
    before = _to_change(session, table, object_id)
    before.known_to = max(now, before.known_from + MOMENT)
    event = RecordRemoved(object_id=str(object_id), record_kind=table.__tablename__, reason=reason)
    record(session, actor=actor, event=event, now=now, place=_place(before))
    session.flush()


def _place(found: Run | Node) -> BaseGeometry:
    return to_shape(found.axis if isinstance(found, Run) else found.place)


def _to_change(session: Session, table: Record, object_id: int) -> Run | Node:
    asked = select(table).where(table.object_id == object_id, table.known_to.is_(None)).with_for_update()
    is_seen = sight_of(session) is None or session.scalars(asked).one_or_none() is not None
    with as_it_is(session):  # what is seen may be a masked picture, and only the row itself can be locked
        found: Run | Node | None = session.scalars(
            asked, execution_options={"populate_existing": True}
        ).one_or_none()  # type: ignore[assignment]  # one of two tables
    if found is None or not is_seen:
        raise NotFound(
            Words(
                f"登记库里没有编号 {object_id} 的现行记录。",
                f"There is no current record {object_id} in the register.",
            )
        )
    return found


def _plain(value: Any) -> Any:
    """A column value as JSON takes it."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)
