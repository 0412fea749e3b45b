"""What may be said of a delivery can be said on every way in: the command, the route, the page."""

import inspect

import pytest

from api.networks.batches import ReadOptionsIn
from web.forms.intake import UploadForm
from xzgis.cli.intake import import_files
from xzgis.networks.actions.reading import ReadOptions


@pytest.mark.parametrize("name", ["crs", "displace", "strict", "encoding", "explode_blocks"])
def test_an_option_of_the_reading_is_on_every_way_in(name: str) -> None:
    assert name in ReadOptionsIn.model_fields
    assert name in inspect.signature(import_files).parameters
    assert name in UploadForm.__dataclass_fields__


def test_blocks_asked_for_on_the_page_or_the_route_reach_the_reading() -> None:
    page = UploadForm.of({"explode_blocks": "1"})

    for told in (page.options(), ReadOptionsIn(explode_blocks=True).kept()):
        assert ReadOptions.from_json(told).explode_blocks
    assert not ReadOptions.from_json(UploadForm().options()).explode_blocks
    assert UploadForm.of_options(page.options()) == page, "reading again asks for the same"
