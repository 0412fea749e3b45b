"""Lines of an older register that climb, were drilled or dive have no levels between their ends afterwards; others keep them."""

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import databases
from tests.factories import a_run
from xzgis import migrations
from xzgis.core import cluster
from xzgis.core.settings import Settings

BEFORE = "9a41c7e05d62"
GROUND = {"ground_m": [30.0, 30.0]}
CLIMBING = GROUND | {"crown_m": [29.2, 35.0], "bottom_m": [29.1, 34.9]}
BURIED = GROUND | {"crown_m": [29.2, 29.1], "bottom_m": [29.1, 29.0]}
HUNG = GROUND | {"crown_m": [34.2, 35.0], "bottom_m": [34.1, 34.9]}
BY_DEPTH = {"ground_m": None, "start_depth_m": 0.8, "end_depth_m": -5.0}
SEWER = {"kind": "drainage_foul", "depth_reference": "invert"}
RUNS = (
    ("riser", CLIMBING | {"burial": "riser"}, "riser", False),
    ("of whatever burial", CLIMBING, None, False),
    ("down from a pole", {"ground_m": [30.0, 30.0], "crown_m": [35.0, 29.2], "bottom_m": [34.9, 29.1]}, None, False),
    ("by its depth", BY_DEPTH | {"burial": "riser"}, "riser", False),
    ("a bare 0", GROUND | {"burial": "riser", "crown_m": [30.0, 35.0], "bottom_m": [29.9, 34.9]}, "riser", False),
    ("jacked or drilled", BURIED | {"burial": "jacked"}, "drilled", False),
    ("under water", BURIED | {"burial": "underwater"}, "underwater", False),
    ("false sign", GROUND | {"crown_m": [29.2, None], "bottom_m": [29.1, None], "start_depth_m": 0.8, "end_depth_m": -1.2}, None,
     True),
    ("rising main", CLIMBING | SEWER | {"depth_reference": "crown"}, None, False),
    ("outlet", CLIMBING | SEWER, None, True),
    ("buried", BURIED | {"burial": "riser"}, "riser", True),
    ("hung", HUNG | {"burial": "riser"}, "riser", True),
    ("in a trench", BURIED | {"burial": "direct_buried"}, "direct_buried", True),
)  # fmt: skip


def test_an_older_register_draws_no_slope_that_nobody_laid(server: Settings) -> None:
    with databases.migrated(server) as url:
        owners = cluster.migration_url(server, url)
        migrations.downgrade(owners, revision=BEFORE)
        engine = create_engine(url, poolclass=NullPool)
        with Session(engine) as session, session.begin():
            session.add_all(
                a_run(label=name, object_id=at, **facts) for at, (name, facts, *_) in enumerate(RUNS, 1)
            )

        migrations.upgrade(owners)
        migrations.downgrade(owners, revision=BEFORE)
        migrations.upgrade(owners)

        with engine.connect() as connection:
            rows = connection.execute(
                text("select label, burial, crown_m is not null and bottom_m is not null from networks_run")
            )
            found = {label: (burial, known) for label, burial, known in rows}
            with pytest.raises(DBAPIError):
                connection.execute(text("update networks_run set crown_m = null"))
        engine.dispose()
    assert found == {name: (burial, known) for name, _, burial, known in RUNS}
