"""Where the answer of a check is written to: what cannot be is refused before anything is checked."""

import pytest

from tests.unit.cli.test_check import check, survey

__all__ = ["survey"]


@pytest.mark.parametrize(
    ("out", "said"),
    [
        pytest.param("missing/answer.json", "文件夹", id="no folder"),
        pytest.param(".", "是文件夹", id="a folder"),
        pytest.param("answer.pdf", ".pdf", id="no format"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_refused_first(survey, capsys, out, said):
    before = {one.name for one in survey.iterdir()}

    ended = check(survey, 0.4, "--cover-m", "1.2", "--out", str(survey / out))

    told = capsys.readouterr().err
    assert ended == 3
    assert "--out" in told
    assert said in told
    assert {one.name for one in survey.iterdir()} - before == {"work.csv"}


@pytest.mark.parametrize("out", ["work.csv", "管线.csv", "link.csv"])
def test_what_the_check_reads_is_never_written_over(survey, capsys, out):
    (survey / "link.csv").symlink_to(survey / "管线点.csv")
    check(survey, 0.4, "--cover-m", "1.2", "--json")
    before = {one.name: one.read_bytes() for one in survey.iterdir()}

    ended = check(survey, 0.4, "--cover-m", "1.2", "--out", str(survey / out))

    assert ended == 3
    assert "覆盖" in capsys.readouterr().err
    assert {one.name: one.read_bytes() for one in survey.iterdir()} == before


@pytest.mark.parametrize("out", ["answer", "answer.txt"])
def test_without_a_suffix_the_table_for_people_is_written(survey, out):
    check(survey, 0.4, "--cover-m", "1.2", "--out", str(survey / out))

    assert "水平净距" in (survey / out).read_text(encoding="utf-8")


def test_a_format_that_is_said_needs_no_suffix(survey):
    check(survey, 0.4, "--cover-m", "1.2", "--format", "json", "--out", str(survey / "answer.pdf"))

    assert (survey / "answer.pdf").read_bytes().startswith(b"{")
