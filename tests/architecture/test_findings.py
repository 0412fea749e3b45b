"""Every code that an import may tell stands in docs/import-findings.md, and no other."""

import re

from tests.architecture.test_rooms import python_files
from xzgis.catalogue.files import catalogue
from xzgis.core.settings import ROOT

IN_CODE = re.compile(r"[\"']([RCDG][0-9]{2})[\"']")
IN_TABLE = re.compile(r"^\| ([RCDG][0-9]{2}) \|", re.MULTILINE)


def test_every_code_of_an_import_stands_in_the_table() -> None:
    told = {code for path in python_files("xzgis") for code in IN_CODE.findall(path.read_text("utf-8"))}
    listed = IN_TABLE.findall((ROOT / "docs" / "import-findings.md").read_text("utf-8"))

    assert len(told) > 50
    assert sorted(listed) == sorted(told)


def test_the_table_names_the_checks_that_there_are() -> None:
    codes = sorted(catalogue().checks)
    text = (ROOT / "docs" / "import-findings.md").read_text("utf-8")

    assert f"`{codes[0]}`–`{codes[-1]}`" in text
