"""What climbs a pole, was drilled or lies under water has no level straight between its ends; drilled is a burial."""

from collections.abc import Sequence

from alembic import op

revision: str = "c3f08a51d97e"
down_revision: str | None = "9a41c7e05d62"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ck_networks_run_burial"
BEFORE = (
    "burial in ('direct_buried','pipe_buried','conduit','duct_block','channel','overhead','surface','riser',"
    "'small_passage','utility_tunnel','civil_defence','chamber_link','jacked','underwater','underground_structure')"
)
BURIALS = (
    "burial in ('direct_buried','pipe_buried','conduit','duct_block','channel','overhead','surface','riser',"
    "'small_passage','utility_tunnel','civil_defence','chamber_link','jacked','drilled','underwater',"
    "'underground_structure')"
)
# The word of before stood for jacked and drilled lines alike.
DRILLED = "update networks_run set burial = 'drilled' where burial = 'jacked'"
_BELOW = "('invert','inner_bottom','outer_bottom')"
_RAISED = "('surface','overhead','riser')"
_GRAVITY = "('drainage_combined','drainage_foul','drainage_storm')"


def _below_m(end: str, at: str) -> str:
    crown, bottom = f"crown_m[{at}]", f"bottom_m[{at}]"
    told = f"case when depth_reference in {_BELOW} then {bottom} else {crown} end"
    by_depth = f"case when burial in {_RAISED} then {end}_depth_m end"
    return f"coalesce(ground_m[{at}] - coalesce({told}, greatest({crown}, {bottom})), {by_depth})"


_FIRST, _LAST = _below_m("start", "1"), _below_m("end", "st_npoints(axis)")
_CLIMBS = (
    f"(least({_FIRST}, {_LAST}) <= 0.005 and greatest({_FIRST}, {_LAST}) > 0.005 and abs({_FIRST} - {_LAST}) > 0.1) "
    f"or (burial = 'riser' and {_FIRST} is not null and {_LAST} is not null "
    f"and (abs({_FIRST}) <= 0.005 or abs({_LAST}) <= 0.005))"
)
# A rising main is measured to its crown: a sewer to its invert flows by gravity and keeps its slope.
_FALLS = (
    f"kind in {_GRAVITY} and depth_reference in ('invert','inner_bottom') "
    f"and (burial in {_RAISED}) is not true"
)
_DIVES = "burial = 'underwater' or (burial = 'drilled' and st_length(axis) > 5.000001)"
LEVELS = (
    "update networks_run set crown_m = null, bottom_m = null "  # noqa: S608 - constants of this file
    f"where (crown_m is not null or bottom_m is not null) and ({_DIVES} or (({_CLIMBS}) and not ({_FALLS})))"
)


def upgrade() -> None:
    """One more token, and levels unknown where nobody laid a slope, in every version: they were worked out.

    What was delivered stays as it is: depths, grounds and levels recorded at the ends. So the guard of the versions
    steps aside.
    """
    op.drop_constraint(op.f(NAME), "networks_run", type_="check")
    op.create_check_constraint(op.f(NAME), "networks_run", BURIALS)
    op.execute("alter table networks_run disable trigger networks_run_version_stays")
    op.execute(DRILLED)
    op.execute(LEVELS)
    op.execute("alter table networks_run enable trigger networks_run_version_stays")


def downgrade() -> None:
    """The one word for both again; levels stay unknown: nothing tells them from those that came so."""
    op.drop_constraint(op.f(NAME), "networks_run", type_="check")
    op.execute("alter table networks_run disable trigger networks_run_version_stays")
    op.execute("update networks_run set burial = 'jacked' where burial = 'drilled'")
    op.execute("alter table networks_run enable trigger networks_run_version_stays")
    op.create_check_constraint(op.f(NAME), "networks_run", BEFORE)
