"""Which of the runs that a check looked at an actor may see."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from xzgis.conflicts.rules.masked import Seen
from xzgis.core.sealing import keyed
from xzgis.core.sight import Sight

# The lens of the transaction says what both names hold (networks/queries/seen.py). Infinity is now.
WHOLE = text(
    "select object_id from networks_whole where object_id = any(cast(:runs as bigint[])) "
    "and known_from <= coalesce(cast(:as_of as timestamptz), 'infinity') "
    "and (known_to is null or known_to > coalesce(cast(:as_of as timestamptz), 'infinity'))"
)
# A chamber is a point: seen exactly, and with it a line of its kind that ends there and of which nothing is kept back.
CHAMBERS = text(
    "select node.object_id from networks_node as node where node.object_id = any(cast(:runs as bigint[])) "
    "and node.known_from <= coalesce(cast(:as_of as timestamptz), 'infinity') "
    "and (node.known_to is null or node.known_to > coalesce(cast(:as_of as timestamptz), 'infinity')) "
    "and exists (select from networks_whole as run where run.kind = node.kind and run.axis && st_expand(node.place, 0.01) "
    "and node.object_id in (run.from_node_id, run.to_node_id) "
    "and run.known_from <= coalesce(cast(:as_of as timestamptz), 'infinity') "
    "and (run.known_to is null or run.known_to > coalesce(cast(:as_of as timestamptz), 'infinity')))"
)
CORRIDORS = text(
    "select object_id from networks_corridor where object_id = any(cast(:runs as bigint[])) "
    "and known_from <= coalesce(cast(:as_of as timestamptz), 'infinity') "
    "and (known_to is null or known_to > coalesce(cast(:as_of as timestamptz), 'infinity'))"
)


def alias_for(name: str) -> Callable[[str], str]:
    """Names of findings for the account ``name``, where the line that a finding is about is kept back from it."""
    return lambda finding_id: keyed(finding_id, context=f"finding for {name}")


def seen_of(
    session: Session, sight: Sight, runs: Collection[int], *, name: str = "", as_of: datetime | None = None
) -> Seen:
    """Which of ``runs`` (identities) the transaction sees wholly, and which as corridors; now or as known then.

    ``name`` is the account that looks.
    """

    def ids(asked: TextClause) -> frozenset[int]:
        return frozenset(session.scalars(asked, {"runs": list(runs), "as_of": as_of}))

    return Seen(
        whole=ids(WHOLE) | ids(CHAMBERS),
        corridors=ids(CORRIDORS),
        step_m=sight.step_m,
        alias=alias_for(name),
        name=name,
    )
