"""What a start without news looks at, and what it leaves alone."""

import subprocess
import sys
import threading

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from xzgis import migrations
from xzgis.cli.start import first, ready
from xzgis.conflicts.kernel import compiled, warm


def test_the_newest_revision_is_the_head_that_alembic_finds():
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))

    assert ready.newest() == ScriptDirectory.from_config(config).get_current_head()


def test_a_start_without_news_loads_no_library_for_news():
    script = (
        "import sys; import xzgis.cli.start.ready, xzgis.cli.start.serving, xzgis.networks.queries.batches;"
        "import xzgis.formats.sniff, xzgis.formats.sheets; xzgis.cli.start.ready.newest();"
        "import web.drawing.square_code;"
        "print([name for name in ('alembic', 'ezdxf', 'openpyxl', 'segno') if name in sys.modules])"
    )

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert loaded == "[]\n"


@pytest.mark.parametrize("kept", [True, False])
def test_a_kept_kernel_is_loaded_beside_the_serving_and_not_before_it(monkeypatch, kept):
    warmed = []
    monkeypatch.setattr(compiled, "is_kept", lambda: kept)
    monkeypatch.setattr(warm, "warm_up", lambda: warmed.append(threading.current_thread()))

    said = []
    first.compile_kernel(said.append)
    before = list(warmed)
    first.load_kernel().join(10)

    assert before == ([] if kept else [threading.main_thread()])
    assert len(said) == len(before), "what takes a minute is said beforehand"
    assert warmed[-1] is not threading.main_thread()


def test_machine_code_is_kept_after_a_compilation_and_not_before(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    assert not compiled.is_kept()

    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel" / "plan.gap-1.nbi").touch()

    assert compiled.is_kept()
