"""The one place that says which records an actor may see, as SQL that stands before every statement on the register.

For an actor with a sight (``core/sight.py``) the names ``networks_run``, ``networks_node`` and ``networks_coverage``
mean what he sees exactly, with the groups of attributes he may see; ``networks_whole`` the runs of which nothing is
kept back; ``networks_corridor`` the runs he sees as corridors, by kind and coarse place alone; ``networks_looked`` the
coverages that he may know of but not see. What he may not know of is in none of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Table

from xzgis.core.lens import GUARDS, Shown
from xzgis.core.sight import DataRight, Sight
from xzgis.networks.models import Coverage, Node, Run

#: Columns of each group of attributes. What a delivery told beside the columns may speak of all of them.
GROUPS: dict[str, frozenset[str]] = {
    "depth": frozenset({
        "crown_m", "bottom_m", "ground_m", "start_depth_m", "end_depth_m", "start_level_m", "end_level_m",
        "depth_reference", "chamber_depth_m",
    }),
    "size": frozenset({"shape", "nominal_width_mm", "nominal_height_mm", "outer_width_mm", "outer_height_mm"}),
    "owner": frozenset({"owner"}),
    "pressure": frozenset({"pressure_class", "voltage_kv"}),
    "other": frozenset({"material", "burial", "built_on", "bank_id", "assumptions"}),
}  # fmt: skip
EVERY_GROUP = frozenset(GROUPS)
#: Needs every group: it repeats in the surveyor's own words what the columns say.
AS_TOLD = "attributes"
CORRIDOR = ("version_id", "object_id", "kind", "known_from", "known_to")


class _Conditions:
    """Conditions on one table, their values kept apart as parameters."""

    def __init__(self, table: Table, shape: str, *, mark: str) -> None:
        self.table, self.shape, self.mark = table, shape, mark
        self.parameters: dict[str, Any] = {}

    def any_of(self, rights: Iterable[DataRight]) -> str:
        """Rows that one of ``rights`` reaches; none when there are no rights."""
        return "(" + (" or ".join(self._one(right) for right in rights) or "false") + ")"

    def but(self, taken: Iterable[DataRight]) -> str:
        """Rows that none of ``taken`` reaches; a hidden right takes away whatever the secrecy."""
        told = [self._one(right, with_secrecy=False) for right in taken]
        return " and ".join(f"({one}) is not true" for one in told) or "true"

    def _one(self, right: DataRight, *, with_secrecy: bool = True) -> str:
        told = []
        for column, names in (
            ("kind", right.kinds), ("owner", right.owners), ("life_state", right.life_states)
        ):  # fmt: skip
            if names is not None and column in self.table.columns:
                told.append(f"{column} = any({self._kept(sorted(names))}::text[])")
            elif names is not None:
                told.append("false")  # a coverage has no owner: whoever sees some lines only sees none of it
        if right.area_id is not None:
            number = self._kept(right.area_id)
            area = f"(select boundary from public.identity_area where id = {number})"  # noqa: S608 - names of parameters
            # Boxes first: a boundary has thousands of corners. "is true" keeps the planner from starting at the area,
            # which holds most of the city, where the statement has a road, a number or a place to start from.
            told.append(f"({self.shape} @ {area} and st_covers({area}, {self.shape})) is true")
        if with_secrecy:
            grade = self._kept(right.secrecy)
            above = f"(select object_id from public.networks_secret where grade > {grade})"  # noqa: S608 - names of parameters
            told.append(f"object_id not in {above}")
            if self.table is COVERAGE:
                told.append(_not_round_secret(grade))
        return "(" + (" and ".join(told) or "true") + ")"

    def _kept(self, value: Any) -> str:
        name = f"xz_{self.mark}_{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"


def _not_round_secret(grade: str) -> str:
    """Coverage that no record above ``grade`` went into: made from the lines of a batch, it lies round each of them."""
    # A function of the database, for behind the wall (core/wall.py) the secret records themselves cannot be asked.
    went_in = f"select went.batch_id, went.kind from public.networks_round_secret({grade}::integer) as went"  # noqa: S608 - names of parameters
    return f"(batch_id is null or (batch_id, kind) not in ({went_in}))"


def _shown(table: Table, shape: str, sight: Sight) -> Shown:
    """The rows of a table that are seen exactly, columns of withheld groups null."""
    exact, asked = sight.of("exact"), _Conditions(table, shape, mark=table.name)
    where = f"{asked.any_of(exact)} and {asked.but(sight.of('hidden'))}"
    columns = [_column(column.name, exact, asked) for column in table.columns]
    text = f"select {', '.join(columns)} from public.{table.name} where {where}"  # noqa: S608 - our own names alone
    return Shown(text, asked.parameters)


def _column(name: str, exact: Sequence[DataRight], asked: _Conditions) -> str:
    groups = EVERY_GROUP if name == AS_TOLD else {group for group in GROUPS if name in GROUPS[group]}
    telling = [right for right in exact if right.attributes is None or groups <= right.attributes]
    if len(telling) == len(exact):
        return name
    return f"case when {asked.any_of(telling)} then {name} end as {name}"


def _whole(sight: Sight) -> Shown:
    asked = _Conditions(RUN, "axis", mark="whole")
    exact = [
        right for right in sight.of("exact") if right.attributes is None or right.attributes >= EVERY_GROUP
    ]
    where = f"{asked.any_of(exact)} and {asked.but(sight.of('hidden'))}"
    return Shown(f"select * from public.networks_run where {where}", asked.parameters)  # noqa: S608 - our own names alone


def _corridors(sight: Sight) -> Shown:
    """Rows with ``axis`` to be found by, never to be shown, and ``laid``: the axis laid onto the grid.

    A short run becomes a point. A line lies less than 0.71 steps from the one through its snapped vertices, so a
    band of 0.75 steps to either side of ``laid`` always holds it.
    """
    asked = _Conditions(RUN, "axis", mark="corridor")
    step = "%(xz_step)s::float8"
    on_grid = f"st_snaptogrid(axis, {step})"
    laid = f"case when st_isempty({on_grid}) then st_snaptogrid(st_startpoint(axis), {step}) else {on_grid} end as laid"
    columns = ", ".join([*CORRIDOR, "axis", laid])
    where = (
        f"{asked.any_of(sight.of('corridor'))} and {asked.but(sight.of('hidden'))} "
        f"and {asked.any_of(sight.of('exact'))} is not true"
    )
    text = f"select {columns} from public.networks_run where {where}"  # noqa: S608 - our own names alone
    return Shown(text, asked.parameters | {"xz_step": sight.step_m})


def _looked(sight: Sight) -> Shown:
    """Coverages of which he may be told, without a place, that somebody looked: of a kind that he sees at all.

    A survey is larger than any district and has no owner: the area and the owners of a right do not take it away, a
    grade above his and what is hidden from him do.
    """
    rights = [
        replace(right, area_id=None, owners=None, life_states=None)
        for right in (*sight.of("exact"), *sight.of("corridor"))
    ]
    asked = _Conditions(COVERAGE, "area", mark="looked")
    where = f"{asked.any_of(rights)} and {asked.but(sight.of('hidden'))}"
    return Shown(f"select version_id from public.networks_coverage where {where}", asked.parameters)  # noqa: S608 - our own names alone


def _table(model: type[Run] | type[Node] | type[Coverage]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


RUN, NODE, COVERAGE = _table(Run), _table(Node), _table(Coverage)
GUARDS["networks_run"] = lambda sight: _shown(RUN, "axis", sight)
GUARDS["networks_node"] = lambda sight: _shown(NODE, "place", sight)
GUARDS["networks_coverage"] = lambda sight: _shown(COVERAGE, "area", sight)
GUARDS["networks_whole"] = _whole
GUARDS["networks_corridor"] = _corridors
GUARDS["networks_looked"] = _looked
