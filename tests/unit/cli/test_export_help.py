"""The help of ``xzgis export`` says what it asks for, with the figures of the layers."""

from typing import Any

from xzgis.catalogue.files import catalogue
from xzgis.cli import frame


def test_the_help_names_the_reason_the_stop_and_the_commands_that_lift_it(capsys: Any) -> None:
    assert frame.run(["export", "--help"]) == 0

    said = " ".join(capsys.readouterr().out.split())
    rules = catalogue().exports
    for words in (
        "--reason", "required", f"{rules.stop_km2:g} km²", "xzgis exports ask --km2", "xzgis exports approve",
        {7: "seven days"}[rules.approval_days],
    ):  # fmt: skip
        assert words in said
