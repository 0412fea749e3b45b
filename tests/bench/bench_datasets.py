"""How long the page of datasets waits for its sums over a million lines, for somebody who sees all and for others.

Run: ``python -m tests.bench.bench_datasets [rows]`` from the project's root. Prints seconds.
"""

import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
from sqlalchemy import text

from tests import databases
from tests.bench.bench_load import KINDS, a_city
from tests.factories import a_batch, an_actor
from xzgis.core import db
from xzgis.core.sight import DataRight, Sight
from xzgis.networks.actions.register import write_records
from xzgis.networks.queries.datasets import datasets

TODAY = date(2026, 11, 23)
SIGHTS = {
    "everything": None,
    "every line by right": Sight((DataRight("exact"),), 20.0),
    "two kinds": Sight((DataRight("exact", kinds=frozenset(KINDS[:2].tolist())),), 20.0),
}


def main() -> None:
    """Load a city, then ask for its datasets three times on behalf of each."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with databases.server() as settings, databases.migrated(settings) as url:
        engine = db.connect(url, settings)
        city = a_city(rows)
        city["owner"] = [f"权属单位{number % 40}" for number in range(rows)]
        with db.transaction(an_actor(), statement_timeout_s=0) as session:
            batch = a_batch()
            session.add(batch)
            session.flush()
            write_records(session, batch_id=batch.id, nodes=pd.DataFrame(), runs=city, now=datetime.now(UTC))
        with db.transaction(an_actor(), statement_timeout_s=0) as session:
            session.execute(text("analyze networks_run"))
        for name, sight in SIGHTS.items():
            took = []
            for _ in range(3):
                began = time.monotonic()
                with db.transaction(replace(an_actor(), sight=sight), statement_timeout_s=0) as session:
                    found = datasets(session, today=TODAY)
                took.append(time.monotonic() - began)
            print(
                f"{name}: {len(found)} datasets of {sum(one.runs for one in found)} lines, best {min(took):.2f} s"
            )
        engine.dispose()


if __name__ == "__main__":
    main()
