"""The command ``xzgis``: wiring only.

Each file ``xzgis/cli/<group>.py`` that has ``add(app)`` brings its commands; there is no other list.
To keep ``xzgis --help`` quick such a file imports at its top only ``typer``, ``xzgis.cli.frame`` and
``xzgis.core.words``, and everything else inside the command. A command returns its exit code
(``None`` is 0) or raises a :class:`xzgis.core.errors.Refusal`.
"""

from xzgis.cli.frame import main

__all__ = ["main"]
