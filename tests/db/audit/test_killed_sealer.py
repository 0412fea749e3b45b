"""A sealer that is killed at any moment loses nothing and links nothing twice."""

import random
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from tests.factories import an_actor
from tests.trails import seal_now, verdict_of
from xzgis.audit.queries import chain, outside
from xzgis.core.db import transaction
from xzgis.core.settings import ROOT, Settings

SEALER = """
    import sys
    from pathlib import Path
    from xzgis.audit.jobs import seal_trail
    from xzgis.core import db
    from xzgis.core.settings import Settings

    chosen = Settings(var_dir=Path(sys.argv[2]))
    db.connect(sys.argv[1], chosen)
    print("ready", flush=True)
    while seal_trail(chosen, most=2).rows:
        pass
"""
ROUNDS = 6
PATIENCE_S = 20.0


def wait_for_a_seal(path: Path) -> None:
    """Until the file outside has a seal: under load a sealer is killed before its first one."""
    ends = time.monotonic() + PATIENCE_S
    while not (path.exists() and path.stat().st_size) and time.monotonic() < ends:
        time.sleep(0.01)


def test_a_killed_sealer_loses_and_doubles_nothing(
    chosen: Settings, write: Callable[[int], None], own_database: str
) -> None:
    chance = random.Random(7)
    write(900)
    for number in range(ROUNDS):
        sealer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SEALER), own_database, str(chosen.var_dir)],
            cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert sealer.stdout is not None
        assert sealer.stdout.readline() == b"ready\n"
        if number == 1:  # the first one may be killed before it did anything
            wait_for_a_seal(outside.seals_file(chosen))
        time.sleep(chance.uniform(0.0, 0.4))
        sealer.kill()
        sealer.wait()
        sealer.stdout.close()
        assert verdict_of(chosen).as_document()["findings"] == []

    seal_now(chosen)

    verdict = verdict_of(chosen)
    with transaction(an_actor()) as session:
        held = chain.seals(session)
    assert (verdict.sound, verdict.rows, verdict.waiting) == (True, 900, 0)
    assert outside.read_outside(outside.seals_file(chosen)) == held
    assert len(held) > 1
