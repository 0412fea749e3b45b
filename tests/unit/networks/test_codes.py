"""Codes and nicknames lead to one kind and one token, or to a question."""

import numpy as np
import pandas as pd
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.accuracy import accuracy_classes, sigmas_m
from xzgis.networks.rules.codes import choose_kind, resolve_codes, shared_digits

SCHEMES = ("CJJ 61-2017", "CJJ 61-2003", "crew", "local")


def choice(code: str, *words: str, hints: dict[str, int] | None = None, given: dict[str, str] | None = None):
    definitions = catalogue()
    return choose_kind(
        code, kind_codes=definitions.kind_codes, kinds=definitions.kinds, words=words, hints=lambda: hints or {},
        given=given, schemes=SCHEMES,
    )  # fmt: skip


def tokens(listing: str, kind: str | None, *texts: str | None) -> list[str | None]:
    told = resolve_codes(
        pd.Series(list(texts), dtype=object),
        np.array([kind] * len(texts), dtype=object),
        catalogue().codes[listing],
    )
    return told.tokens().tolist()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("JS", "water"),
        ("WS", "drainage_foul"),
        ("LD", "power"),
        ("雨水", "drainage_storm"),
        ("ZS", "reclaimed"),
    ],
)
def test_a_code_of_one_meaning_needs_no_more(code: str, kind: str) -> None:
    assert (choice(code).kind, choice(code).is_sure) == (kind, True)


def test_a_shared_letter_is_settled_by_the_title() -> None:
    assert choice("R", "管线类型:燃气").kind == "gas"
    assert choice("R", "热力管线成果表").kind == "heat"


def test_a_shared_letter_is_settled_by_values_of_one_kind_alone_with_doubt() -> None:
    told = choice("R", hints={"gas": 23})

    assert (told.kind, told.is_sure) == ("gas", False)


@pytest.mark.parametrize("hints", [{}, {"gas": 3, "heat": 2}])
def test_a_shared_letter_without_clear_evidence_is_asked(hints: dict[str, int]) -> None:
    assert choice("R", hints=hints).kind is None


def test_the_user_goes_before_all() -> None:
    assert choice("R", "热力管线", given={"R": "gas"}).kind == "gas"


def test_nicknames_and_codes_of_materials_lead_to_one_token() -> None:
    assert tokens("material", "drainage_foul", "砼", "混凝土", "T", "钢筋混凝土", "ＰＶＣ", None, "/") == [
        "concrete", "concrete", "concrete", "concrete", "pvc", None, None,
    ]  # fmt: skip


def test_one_word_means_different_things_for_different_kinds() -> None:
    assert tokens("burial", "water", "管埋") == ["pipe_buried"]
    assert tokens("burial", "power", "管埋") == ["conduit"]


def test_out_of_service_is_not_abandoned() -> None:
    assert tokens("status", "water", "在用", "废弃", "停用") == ["built", "disused", "built"]


def test_digits_that_standards_read_differently_are_asked() -> None:
    column = pd.Series(["0", "1", "2", "3", "4", "废弃", None, "１"], dtype=object)
    listed = catalogue().codes["status"]

    assert shared_digits(column, listed).tolist() == [True, True, True, True, False, False, False, True]
    assert not shared_digits(column, listed, schemes=("giswater", "local")).any()


def test_an_unknown_word_is_told_not_guessed() -> None:
    told = resolve_codes(
        pd.Series(["月光石", None], dtype=object),
        np.array(["water"] * 2, dtype=object),
        catalogue().codes["material"],
    )

    assert told.unknown.tolist() == [True, False]
    assert told.value.tolist() == [None, None]


def test_without_a_flag_a_point_counts_as_hidden() -> None:
    classes = accuracy_classes(
        np.array([None, "visible", "hidden"], dtype=object), np.array([None] * 3, dtype=object)
    )

    assert classes.tolist() == ["hidden_point", "visible_point", "hidden_point"]


def test_a_hidden_point_grows_less_sure_with_depth() -> None:
    # Mark 0.05 m; 0.05 h in plan and 0.03 with 0.075 h in level, h at least 1 m.
    plan, level = sigmas_m(
        np.array(["hidden_point"] * 3, dtype=object),
        np.array([0.4, 2.0, np.nan]),
        catalogue().accuracy,
        depth_when_unknown_m=3.0,
    )

    np.testing.assert_allclose(plan, np.hypot(0.05, [0.05, 0.10, 0.15]))
    np.testing.assert_allclose(level, np.hypot(0.03, [0.075, 0.15, 0.225]))
