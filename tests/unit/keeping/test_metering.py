"""Counting in several processes, and the text that Prometheus reads."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from xzgis.core import metering
from xzgis.core.settings import ROOT
from xzgis.keeping.rules.exposition import exposition
from xzgis.keeping.terms import Figures

NOTHING = Figures(at=datetime(2026, 11, 23, tzinfo=UTC), database=None, jobs=None)
COUNTS = """
import sys
from pathlib import Path
from xzgis.core import metering
metering.join(Path(sys.argv[1]))
metering.count_job("audit.seal", "done", 0.2)
"""


def test_what_two_processes_counted_is_added_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(metering.SHARED, "")  # put back afterwards
    metering.share(tmp_path)
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COUNTS, str(tmp_path)], cwd=ROOT, check=True)

    told = exposition(metering.counted(), NOTHING, version="1")

    assert 'xzgis_job_duration_seconds_count{job="audit.seal",result="done"} 2.0' in told
    metering.share(tmp_path)
    assert "audit.seal" not in exposition(metering.counted(), NOTHING, version="1")


def test_a_database_that_is_away_is_said_and_the_rest_told() -> None:
    told = exposition(CollectorRegistry(), NOTHING, version="1.2")

    assert "xzgis_database_up 0.0" in told
    assert 'xzgis_info{schema="",version="1.2"} 1.0' in told
    assert "xzgis_database_size_bytes" not in told


def test_a_check_that_fails_is_counted_as_failed() -> None:
    before = metering.meters().check_s.labels("files", "failed")._sum.get()

    with pytest.raises(ValueError, match="broken"), metering.timed_check("files"):
        raise ValueError("broken")

    assert metering.meters().check_s.labels("files", "failed")._sum.get() > before
