"""Nothing judges by the shipped tables where a city may have changed them."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
#: What brings the kinds into the database or makes the sample.
SHIPPED = {"xzgis/cli/start/ready.py", "xzgis/cli/sample.py"}


def test_what_is_in_force_is_asked_of_the_queries() -> None:
    asking = {
        path.relative_to(ROOT).as_posix()
        for room in ("xzgis", "api", "web")
        for path in (ROOT / room).rglob("*.py")
        if "from xzgis.catalogue.files import catalogue" in path.read_text(encoding="utf-8")
    }

    assert asking == SHIPPED
