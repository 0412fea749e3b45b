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
    _call("xzgis.samples.actions", "load_if_empty")
    _call("xzgis.conflicts.kernel", "warm_up")


def _call(module: str, name: str) -> None:
    """Call ``name`` of ``module``, neither of which need be part of this installation."""
    try:
        present = find_spec(module) is not None
    except ModuleNotFoundError:
        return
    function = getattr(import_module(module), name, None) if present else None
    if function is not None:
        function()
