"""Who wrote a word that a code list lacks is told what to write, and on which page to mend a column."""

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.codes import in_no_list


@pytest.mark.parametrize("listing", ["burial", "material", "status", "appurtenance"])
def test_the_screen_comes_before_the_file_of_the_administrator(listing: str) -> None:
    values = catalogue().codes[listing]

    said = in_no_list(listing, values)

    assert values[0].zh in said.zh
    assert values[0].en in said.en
    assert (
        said.zh.index("“对应关系”页")
        < said.zh.index("系统管理员")
        < said.zh.index(f"layers/codes/{listing}.csv")
    )
    assert (
        said.en.index("“Mapping”")
        < said.en.index("administrator")
        < said.en.index(f"layers/codes/{listing}.csv")
    )
