"""The generated pages say what the program says."""

from xzgis.cli import docs
from xzgis.core.settings import ROOT


def test_generated_pages_are_in_step():
    assert docs.out_of_step(ROOT / "docs" / "generated") == [], "run: xzgis docs"


def test_a_stale_page_is_noticed(tmp_path):
    for name, text in docs.pages().items():
        (tmp_path / name).write_text(text + "more\n" if name == "tables.md" else text, encoding="utf-8")

    assert docs.out_of_step(tmp_path) == ["tables.md"]
