"""Levels of lines of up to four vertices are looked at by a plain expression: a fifth of the time of the function."""

from collections.abc import Sequence

from alembic import op

revision: str = "3e71b9c0d825"
down_revision: str | None = "b7f20d94ce31"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ck_networks_run_levels_sound"
BEFORE = "networks_levels_sound(crown_m, bottom_m, st_npoints(axis))"
# Levels beyond ten thousand metres, which the function refuses too, ``levels_bounded`` refuses.
LEVELS_SOUND = (
    "case when crown_m is null and bottom_m is null then true "
    "when cardinality(crown_m) between 1 and 4 and cardinality(bottom_m) = cardinality(crown_m) "
    "then cardinality(crown_m) = st_npoints(axis) and array_ndims(crown_m) = 1 and array_ndims(bottom_m) = 1 "
    "and (crown_m[1] < bottom_m[1]) is not true and (crown_m[2] < bottom_m[2]) is not true "
    "and (crown_m[3] < bottom_m[3]) is not true and (crown_m[4] < bottom_m[4]) is not true "
    "else networks_levels_sound(crown_m, bottom_m, st_npoints(axis)) end"
)


def upgrade() -> None:
    """Say the same of short lines without the function; what stands is looked at again."""
    op.drop_constraint(op.f(NAME), "networks_run", type_="check")
    op.create_check_constraint(op.f(NAME), "networks_run", LEVELS_SOUND)


def downgrade() -> None:
    """The function for every line."""
    op.drop_constraint(op.f(NAME), "networks_run", type_="check")
    op.create_check_constraint(op.f(NAME), "networks_run", BEFORE)
