"""Reads ``<module>/sql/<name>.sql``."""

from functools import lru_cache
from importlib.resources import files

from sqlalchemy import TextClause, text


@lru_cache
def statement(module: str, name: str) -> TextClause:
    """The statement ``name`` of ``module`` (``networks``, ``conflicts``, …), with named parameters."""
    return text(files(f"xzgis.{module}").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8"))
