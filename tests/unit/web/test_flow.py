"""The drawing of a process: every node and way of the file, names inside their boxes, nothing outside the frame."""

import pytest

from tests.processes import a_process
from web.drawing.flow import broken, picture_of, width_of
from xzgis.catalogue.files import process_files
from xzgis.core.words import Language
from xzgis.workflow.rules.reading import read

FILES = process_files()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("file", FILES)
def test_everything_is_drawn_inside_the_frame(file: str, language: Language) -> None:
    found = read(FILES[file])
    picture = picture_of(found, language)
    view = picture.view

    assert len(picture.shapes) == len(found.nodes)
    assert len(picture.ways) == len(found.flows)
    for shape in picture.shapes:
        assert view.x <= shape.box.x
        assert shape.box.x + shape.box.width <= view.x + view.width
        if shape.node is not None and shape.node.kind.is_step:
            assert all(width_of(line.text) <= shape.box.width for line in shape.lines)
            assert all(shape.box.y < line.y < shape.box.y + shape.box.height for line in shape.lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("施工与覆土前竣工测量", ["施工与覆土", "前竣工测量"]),
        ("检验、检测、鉴定、专家评审", ["检验、检", "测、鉴定、", "专家评审"]),
        ("Look whether it fits", ["Look", "whether", "it fits"]),
        ("受理", ["受理"]),
        ("", []),
    ],
)
def test_names_break_between_words_and_never_before_a_closing_sign(text: str, lines: list[str]) -> None:
    assert broken(text, 80.0) == lines


def test_a_name_without_a_place_stands_below_its_sign() -> None:
    named = a_process().replace(b'startEvent id="start"', 'startEvent id="start" name="收件"'.encode())
    shape = next(one for one in picture_of(read(named), "zh").shapes if one.node and one.node.id == "start")

    assert [line.text for line in shape.lines] == ["收件"]
    assert shape.lines[0].y > shape.box.y + shape.box.height
