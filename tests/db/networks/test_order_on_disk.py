"""Records of one batch lie on disk as they lie on the ground, whatever the order of the delivery."""

import numpy as np
import pandas as pd
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_line
from xzgis.networks.actions.register import write_records
from xzgis.networks.models import Node, Run

# Two towns 10 km apart, delivered turn by turn.
EAST = [0.0, 10_000.0, 10.0, 10_010.0, 20.0, 10_020.0]


def test_neighbours_lie_together_on_disk(session: Session) -> None:
    batch = a_batch()
    session.add(batch)
    session.flush()
    shared = {
        "kind": "water",
        "life_state": "built",
        "accuracy_class": "visible",
        "sigma_plan_m": 0.05,
        "sigma_level_m": 0.03,
    }
    nodes = pd.DataFrame(
        shared | {"point_no": [f"{x:g}" for x in EAST], "place": [Point(EAST_M + x, NORTH_M) for x in EAST]}
    )
    runs = pd.DataFrame(
        shared
        | {"label": [f"{x:g}" for x in EAST], "axis": [a_line(x_m=x) for x in EAST], "outer_is_assumed": True}
    )

    write_records(session, batch_id=batch.id, nodes=nodes, runs=runs, now=NOW)

    for column, table in ((Node.point_no, Node), (Run.label, Run)):
        # As they were taken in: pages that other tests left half empty would tell of those.
        told = session.scalars(select(column).where(table.batch_id == batch.id).order_by(table.version_id))
        far = np.array([float(str(one)) for one in told]) > 5000
        assert (np.diff(far.astype(int)) != 0).sum() == 1
