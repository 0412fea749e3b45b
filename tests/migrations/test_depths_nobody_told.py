"""Lines of an older register whose depth nobody told are as vague as a deep one afterwards; all others stay."""

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import databases
from tests.factories import a_node, a_run
from xzgis import migrations
from xzgis.core import cluster
from xzgis.core.settings import Settings

BEFORE = "e27d90b4f16a"
HIDDEN = {"accuracy_class": "hidden_point", "sigma_plan_m": 0.025**0.5, "sigma_level_m": 0.227}
NO_LEVEL = {"crown_m": None, "bottom_m": None}
BARE = {"ground_m": None, "crown_m": [30.0, 30.0]}
RUNS = (
    ("forgotten", HIDDEN | NO_LEVEL, 0.5025, 0.227),
    ("one end told", HIDDEN | NO_LEVEL | {"sigma_plan_m": 0.0707, "start_depth_m": 1.0}, 0.5025, 0.227),
    ("borrowed", HIDDEN | {"start_depth_m": 1.0, "end_depth_m": 1.0, "assumptions": ["end_depth_of_point"]}, 0.5025, 0.227),
    ("level alone", HIDDEN | BARE, 0.5025, 0.7506),
    ("told", HIDDEN | NO_LEVEL | {"start_depth_m": 2.0, "end_depth_m": 3.0}, 0.1581, 0.227),
    ("by its level", HIDDEN, 0.1581, 0.227),
    ("vaguer already", HIDDEN | NO_LEVEL | {"sigma_plan_m": 0.8}, 0.8, 0.227),
    ("visible", NO_LEVEL, 0.05, 0.05),
    ("digitised level", BARE | {"accuracy_class": "digitised", "sigma_plan_m": 0.25, "sigma_level_m": 0.5408}, 0.25, 1.5297),
)  # fmt: skip


def test_an_older_register_is_no_surer_of_what_nobody_told(server: Settings) -> None:
    with databases.migrated(server) as url:
        owners = cluster.migration_url(server, url)
        migrations.downgrade(owners, revision=BEFORE)
        engine = create_engine(url, poolclass=NullPool)
        with Session(engine) as session, session.begin():
            session.add_all(
                a_run(label=name, object_id=at, **facts) for at, (name, facts, *_) in enumerate(RUNS, 1)
            )
            session.add(a_node(object_id=1001, **HIDDEN))
            session.add(a_node(object_id=1002, **HIDDEN | {"sigma_plan_m": 0.1}))

        migrations.upgrade(owners)
        migrations.downgrade(owners, revision=BEFORE)
        migrations.upgrade(owners)

        with engine.connect() as connection:
            found = {
                label: figures
                for label, *figures in connection.execute(
                    text("select label, sigma_plan_m, sigma_level_m from networks_run")
                )
            }
            points = connection.scalars(
                text("select sigma_plan_m from networks_node order by object_id")
            ).all()
            with pytest.raises(DBAPIError):
                connection.execute(text("update networks_run set sigma_plan_m = 0.1"))
        engine.dispose()
    assert found == {name: pytest.approx([plan, level], abs=1e-4) for name, _, plan, level in RUNS}
    assert points == pytest.approx([0.5025, 0.1], abs=1e-4)
