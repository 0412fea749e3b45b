"""Keep by batch of which kinds it tells the points."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: str = "5d1e9c27a0b3"
down_revision: str | None = "e82d5b7f1c64"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FILL = """
update networks_batch
   set points_told = told.kinds
  from (select batch_id, array_agg(distinct kind order by kind) as kinds
          from networks_node
         where appurtenance is not null or feature is not null or chamber_depth_m is not null
         group by batch_id) as told
 where told.batch_id = networks_batch.id
"""


def upgrade() -> None:
    """A check of lines beside which nobody says what stands at their points is not clear."""
    column: sa.Column[list[str]] = sa.Column(
        "points_told", ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
    )
    op.add_column("networks_batch", column)
    op.execute(FILL)


def downgrade() -> None:
    """Without it."""
    op.drop_column("networks_batch", "points_told")
