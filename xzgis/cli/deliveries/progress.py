"""How far an import is: one line that is written over on a terminal, a line for each step elsewhere."""

import sys

import typer

from xzgis.cli.deliveries.aligned import shown_width
from xzgis.cli.frame import language
from xzgis.core.words import Words

STEPS = {"accept": Words("写入登记库", "write to the register")}


class Display:
    """Tells steps on standard error; never goes back, whichever file a step belongs to."""

    def __init__(self) -> None:
        self._told: tuple[int, str] = (-1, "")
        self._open_columns = 0

    def tell(self, percent: float, step: str) -> None:
        """``step`` is the name of a file that is being read, or one of :data:`STEPS`."""
        now = (max(int(percent), self._told[0]), step)
        if now == self._told:
            return
        self._told = now
        words = STEPS.get(step, Words(f"读取 {step}", f"read {step}")).spoken(language())
        line = f"{now[0]:3d}% {words}"
        if not sys.stderr.isatty():
            typer.echo(line, err=True)
            return
        gap = " " * max(self._open_columns - shown_width(line), 0)
        typer.echo(f"\r{line}{gap}", err=True, nl=False)
        self._open_columns = shown_width(line)

    def end(self) -> None:
        """Leave the line, so that what follows begins on a new one."""
        if self._open_columns:
            typer.echo("", err=True)
        self._open_columns = 0
