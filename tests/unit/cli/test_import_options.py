"""A wrong option of an import is blamed on the option, before any file is opened."""

import json
from pathlib import Path
from typing import Any

import pytest

from xzgis.cli.deliveries.options import asked_options
from xzgis.core.errors import Invalid

ASKED: dict[str, Any] = {"mapping": None, "columns": [], "codes": [], "same": "replace"}


def refused(said: dict[str, Any] | None = None, **asked: Any) -> Invalid:
    with pytest.raises(Invalid) as caught:
        asked_options(said or {}, **(ASKED | asked))
    return caught.value


@pytest.mark.parametrize(
    ("said", "asked", "option"),
    [
        ({"crs": "EPSG:99999"}, {}, "--crs"),
        ({"encoding": "klingon"}, {}, "--encoding"),
        ({"intake": "nobody"}, {}, "--intake"),
        ({}, {"same": "perhaps"}, "--same"),
        ({}, {"columns": ["井号牌=nix"]}, "--column"),
        ({}, {"columns": ["井号牌"]}, "--column"),
        ({}, {"codes": ["R=lava"]}, "--code"),
        ({}, {"mapping": "/no/such.json"}, "--mapping"),
    ],
)
def test_the_option_is_named(said: dict[str, Any], asked: dict[str, Any], option: str) -> None:
    refusal = refused(said, **asked)

    assert "未读取任何文件" in refusal.words.zh
    assert [fault.loc[0] for fault in refusal.faults] == [option]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.json", "{x", ("--mapping", "a.json")),
        ("a.toml", "columns = ", ("--mapping", "a.toml")),
        ("a.json", "[1]", ("--mapping", "a.json")),
        ("a.json", '{"colums": {}}', ("--mapping", "a.json", "colums")),
        ("a.json", '{"columns": {"a": 3}}', ("--mapping", "a.json", "columns")),
        ("a.json", '{"columns": {"a": "nix"}}', ("--mapping", "a.json", "columns", "a")),
        ("a.json", '{"layers": {"a": {"kind": "lava"}}}', ("--mapping", "layers", "a", "kind")),
    ],
)
def test_a_wrong_mapping_names_its_file_and_place(
    tmp_path: Path, name: str, text: str, place: tuple[str, ...]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    refusal = refused(mapping=str(tmp_path / name))

    assert [fault.loc for fault in refusal.faults] == [place]


def test_file_and_options_are_laid_over_each_other(tmp_path: Path) -> None:
    document = {"intake": "cn_survey", "columns": {"井号牌": "物探点号", "附记": "-"}, "codes": {"R": "gas"}}
    (tmp_path / "crew.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "crew.toml").write_text(
        'intake = "cn_survey"\n[columns]\n"井号牌" = "物探点号"\n"附记" = "-"\n[codes]\nR = "gas"\n',
        encoding="utf-8",
    )

    for name in ("crew.json", "crew.toml"):
        told = asked_options(
            {}, mapping=str(tmp_path / name), columns=["面标=ground_m"], codes=["R=热力"], same="keep"
        )
        assert told == {
            "intake": "cn_survey",
            "overrides": {"井号牌": "point_no", "附记": "", "面标": "ground_m"},
            "code_kinds": {"R": "heat"},
        }


def test_a_mapping_may_be_named_by_its_intake() -> None:
    told = asked_options({}, mapping="cn_one_table", columns=[], codes=[], same="replace")

    assert told == {"intake": "cn_one_table"}
