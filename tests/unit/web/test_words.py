"""The words of the pages: both languages say the same things, and every message the pages name exists."""

import re
import string
from pathlib import Path

import pytest

import xzgis
from web.language import FOLDER, messages
from xzgis.catalogue.files import catalogue

TEMPLATES = FOLDER.parent / "templates"
NAMED = re.compile(r"""\bt\('([a-z_]+(?:\.[a-z_0-9]+)+)'\s*[,)]""")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_messages() -> None:
    assert set(messages("zh")) == set(messages("en"))


def test_both_languages_fill_in_the_same_values() -> None:
    wrong = [name for name in messages("zh") if fields(messages("zh")[name]) != fields(messages("en")[name])]

    assert wrong == []


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_message_a_template_names_exists(template: Path) -> None:
    text = re.sub(r"{#.*?#}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    named = set(NAMED.findall(text))

    assert named <= set(messages("zh"))


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_carries_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text)
    assert all('type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", text))


def test_every_code_of_a_finding_of_an_intake_has_words() -> None:
    rooms = [Path(xzgis.__file__).parent / room for room in ("formats", "networks")]
    texts = [path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py")]
    codes = {code for text in texts for code in re.findall(r'"([CDGRS][0-9]{2})"', text)}

    assert {
        code for code in codes if code not in catalogue().checks and f"finding.{code}" not in messages("en")
    } == set()
