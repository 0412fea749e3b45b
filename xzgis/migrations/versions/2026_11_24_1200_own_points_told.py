"""Count as told by a batch what it says of its points itself."""

from collections.abc import Sequence

from alembic import op

revision: str = "b7c40e8d52f9"
down_revision: str | None = "5d1e9c27a0b3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OWN = """
update networks_batch
   set points_told = array(
       select distinct kind
         from networks_node
        where batch_id = networks_batch.id
          and (appurtenance is not null and (attributes ->> '沿用登记·附属物') is null
               or feature is not null and (attributes ->> '沿用登记·特征') is null
               or chamber_depth_m is not null and (attributes ->> '沿用登记·井深') is null)
        order by kind)
 where points_told <> '{}'
"""


def upgrade() -> None:
    """A word that a point keeps of an earlier batch does not tell what stands at the other points."""
    op.execute(OWN)


def downgrade() -> None:
    """What a batch says itself it says before as well."""
