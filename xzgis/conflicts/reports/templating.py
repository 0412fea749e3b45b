"""The templates of a report: one environment, and a sheet drawn with it."""

from functools import lru_cache
from typing import cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.runtime import Macro

from xzgis.conflicts.reports.sections.sheet import Sheet


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment of the templates beside the reports; what they are given is escaped."""
    return Environment(
        loader=PackageLoader("xzgis.conflicts", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def svg_of(sheet: Sheet, *, tag: str = "") -> str:
    """A sheet as SVG that stands alone; ``tag`` keeps the names of several in one page apart."""
    draw = cast(Macro, vars(environment().get_template("_sheet.svg.html").module)["draw"])
    return str(draw(sheet, standalone=True, tag=tag))
