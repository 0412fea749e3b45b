"""No figure of layers/limits.toml stands for show: whoever changes one changes what the product does."""

from pathlib import Path

from xzgis.catalogue.files import catalogue

ROOT = Path(__file__).parents[2]


def test_every_figure_is_read_somewhere() -> None:
    read = "\n".join(
        path.read_text(encoding="utf-8") for room in ("xzgis", "api", "web") for path in ROOT.joinpath(room).rglob("*.py")
        if "node_modules" not in path.parts
    )  # fmt: skip

    assert [name for name in catalogue().limits.values if f'"{name}"' not in read] == []
