"""The version of the program, as every answer names it."""

import tomllib
from functools import lru_cache
from importlib import metadata

from xzgis.core.settings import ROOT


@lru_cache(maxsize=1)
def program_version() -> str:
    """Version of the installed package, or of the checkout's project file."""
    try:
        return metadata.version("xzgis")
    except metadata.PackageNotFoundError:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])
