"""The first minutes of a new installation: the invented city in an empty register, and what to try."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from xzgis.core.words import Words

# (what to do, path of the page); shown under the address.
TO_TRY: tuple[tuple[Words, str], ...] = ()


def suggest(say: Callable[[Words], None], address: str) -> None:
    """Three things to try, under the address that was just shown."""
    for number, (words, path) in enumerate(TO_TRY, start=1):
        where = f"{address.rstrip('/')}{path}"
        say(Words(f"  {number}. {words.zh} {where}", f"  {number}. {words.en} {where}"))


def make_ready() -> None:
    """Load the sample into an empty register and compile the kernel; both only when they are there."""
    if find_spec("xzgis.samples.actions") is not None:
        import_module("xzgis.samples.actions").load_if_empty()
    if _has("xzgis.conflicts.kernel"):
        warm_up = getattr(import_module("xzgis.conflicts.kernel"), "warm_up", None)
        if warm_up is not None:
            warm_up()


def _has(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
