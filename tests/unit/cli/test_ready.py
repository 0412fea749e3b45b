"""What a start without news looks at, and what it leaves alone."""

import subprocess
import sys

from alembic.config import Config
from alembic.script import ScriptDirectory

from xzgis import migrations
from xzgis.cli.start import ready


def test_the_newest_revision_is_the_head_that_alembic_finds():
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))

    assert ready.newest() == ScriptDirectory.from_config(config).get_current_head()


def test_a_start_without_news_loads_no_library_for_news():
    script = (
        "import sys; import xzgis.cli.start.ready, xzgis.cli.start.serving, xzgis.networks.queries.batches;"
        "import xzgis.formats.sniff, xzgis.formats.sheets; xzgis.cli.start.ready.newest();"
        "print([name for name in ('alembic', 'ezdxf', 'openpyxl') if name in sys.modules])"
    )

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert loaded == "[]\n"
