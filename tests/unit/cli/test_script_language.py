"""The script speaks the language that is asked of the command it starts."""

import subprocess

import pytest

from xzgis.core.settings import ROOT


@pytest.mark.parametrize(
    ("words", "locale", "said"),
    [
        (["run", "--lang", "en"], "C", "English"),
        (["run", "--lang=en"], "C", "English"),
        (["--lang", "en", "run"], "C", "English"),
        (["run", "--lang", "zh"], "en_US", "中文"),
        (["run", "--", "--lang", "en"], "C", "中文"),
        (["run"], "en_US", "English"),
        (["run"], "C", "中文"),
    ],
)
def test_the_words_before_a_command_are_in_its_language(words: list[str], locale: str, said: str) -> None:
    whole = (ROOT / "xz").read_text(encoding="utf-8")
    head = whole[: whole.index("fail()")] + "say 中文 English\n"
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": locale}

    told = subprocess.run(
        ["/bin/sh", "-c", head, "xz", *words], capture_output=True, check=True, env=environment
    )

    assert told.stderr.decode().strip() == said
