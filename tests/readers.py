"""Strangers' files read in the process of the test, for tests of what the files mean and not of how they are opened."""

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from xzgis.core.words import Words
from xzgis.formats import child


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """No child process for each file that is read: to start one and load its libraries takes a second of a core.

    All but the process is as with the child: what goes in and out is JSON and the files of its folder, a refusal
    is put into words and back. That every reader works behind its walls, and what the walls hold, is what
    tests/unit/formats asks, and with the commands and the pages tests/db/cli, tests/api and tests/e2e.
    """
    monkeypatch.setenv("GDAL_PAM_ENABLED", "NO")
    monkeypatch.setattr(child, "call", called_here)


def called_here(
    function: str,
    arguments: Mapping[str, Any],
    *,
    work: Path,
    inputs: Sequence[Path] = (),
    limits: tuple[int, int] = (300, 8192),
    progress: child.Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Any:
    """:func:`xzgis.formats.child.call` without limits and walls."""
    assert all(path.exists() for path in inputs)
    request = json.loads(json.dumps({"function": function, "arguments": dict(arguments)}))

    def tell(percent: float, step: str) -> None:
        if progress is not None:
            progress(percent, step)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the child's go to its complaints
        child.carry_out(request, work, tell)
    if cancelled is not None and cancelled():
        raise child.Cancelled(Words("已按要求取消读取。", "The reading was cancelled as asked."))
    return child.answered(work, 0, limits)
