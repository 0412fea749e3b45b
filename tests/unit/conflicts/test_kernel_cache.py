"""Machine code of an older kernel must never be used."""

import shutil
from pathlib import Path

from xzgis.conflicts.kernel import compiled


def test_a_change_in_any_file_of_the_kernel_asks_for_fresh_code(tmp_path, monkeypatch):
    kernel = tmp_path / "kernel"
    shutil.copytree(Path(compiled.__file__).parent, kernel, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(compiled, "__file__", str(kernel / "compiled.py"))
    before = compiled.cache_folder()

    with (kernel / "lines.py").open("a", encoding="utf-8") as source:
        source.write("\n# changed\n")

    assert compiled.cache_folder() != before
