"""Look-ups: codes that several kinds share, aliases, three-valued conditions, outer sizes, accuracy."""

import pytest

from xzgis.catalogue.files import load
from xzgis.catalogue.rules import (
    class_of_number,
    conditions_hold,
    kind_of_code,
    outer_size,
    rule_kinds_of,
    sigma,
    surface_holds,
    value_of,
)
from xzgis.catalogue.terms import Catalogue
from xzgis.core.settings import ROOT
from xzgis.networks.terms import Conditions


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load(ROOT / "layers")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("JS", "water"), ("ZS", "reclaimed"), ("ＹＳ", "drainage_storm"), (" ws ", "drainage_foul"), ("LD", "power"),
     ("XH", "power"), ("DX", "telecom"), ("DT", "telecom"), ("给水", "water"), ("BM", "unknown"), ("ZH", "utility_tunnel")],
)  # fmt: skip
def test_a_code_of_one_kind_leads_to_it(shipped, code, kind):
    assert kind_of_code(shipped, code).kind == kind


@pytest.mark.parametrize("code", ["Y", "R", "PS", "QQQ", ""])
def test_a_shared_or_strange_code_is_never_guessed(shipped, code):
    assert kind_of_code(shipped, code).kind is None


@pytest.mark.parametrize(
    ("code", "hint", "kind"),
    [("R", "管线类型:燃气", "gas"), ("R", "热力LINE", "heat"), ("Y", "雨水管线表", "drainage_storm"),
     ("Y", "液化气", "gas"), ("R", "燃气 热力", None), ("PS", "污水", "drainage_foul")],
)  # fmt: skip
def test_words_around_a_shared_code_settle_it(shipped, code, hint, kind):
    assert kind_of_code(shipped, code, hint=hint).kind == kind


def test_a_scheme_settles_a_shared_code(shipped):
    assert kind_of_code(shipped, "R", schemes=("CJJ 61-2017", "crew")).kind == "gas"
    assert kind_of_code(shipped, "R", schemes=("CJJ 61-2003",)).kind is None
    assert {entry.kind for entry in kind_of_code(shipped, "R").candidates} == {"gas", "heat"}


@pytest.mark.parametrize(
    ("code_list", "raw", "kind", "token"),
    [("material", "砼", None, "concrete"), ("material", "ＰＥ", None, "pe"), ("material", "塑胶", None, "plastic"),
     ("burial", "管埋", "power", "conduit"), ("burial", "管埋", "drainage_foul", "pipe_buried"),
     ("burial", "方沟", "telecom", "channel"), ("burial", "GM", "water", "pipe_buried"),
     ("pressure_class", "中压 A", "gas", "medium_A"), ("appurtenance", "雨篦", "drainage_storm", "gully"),
     ("feature", "拐点", None, "bend"), ("voltage", "10KV", "power", "v10"), ("status", "废弃", None, "disused")],
)  # fmt: skip
def test_words_of_crews_are_understood(shipped, code_list, raw, kind, token):
    value = value_of(shipped, code_list, raw, kind=kind)

    assert value is not None
    assert value.token == token


def test_a_word_that_means_different_things_is_not_decided(shipped):
    assert value_of(shipped, "burial", "管埋") is None
    assert value_of(shipped, "status", "0") is None
    assert value_of(shipped, "material", "月岩") is None
    assert value_of(shipped, "material", "铁") is None  # any iron or steel: no zone may be left out for it


@pytest.mark.parametrize(
    ("pressure_mpa", "token"),
    [(0.0, "low"), (0.0099, "low"), (0.01, "medium_B"), (0.2, "medium_B"), (0.201, "medium_A"), (0.4, "medium_A"),
     (0.8, "subhigh_B"), (1.6, "subhigh_A"), (1.61, "high_B")],
)  # fmt: skip
def test_a_pressure_falls_into_its_class(shipped, pressure_mpa, token):
    value = class_of_number(shipped, "pressure_class", pressure_mpa)

    assert value is not None
    assert value.token == token


@pytest.mark.parametrize(
    ("tokens", "facts", "holds"),
    [
        ("", Conditions("gas"), True),
        ("low", Conditions("gas"), None),
        ("low", Conditions("gas", pressure_class="medium"), False),
        ("medium_A", Conditions("gas", pressure_class="medium"), None),
        ("any_le1.6MPa", Conditions("gas", pressure_class="medium"), True),
        ("any_le1.6MPa", Conditions("gas", pressure_class="high"), False),
        ("d<=200mm", Conditions("water", nominal_mm=200), True),
        ("d>200mm", Conditions("water", nominal_mm=200), False),
        ("d>200mm", Conditions("water"), None),
        ("direct_buried;U<35kV", Conditions("power", burial="direct_buried", voltage_kv=10), True),
        ("direct_buried;U<35kV", Conditions("power", burial="direct_buried", voltage_kv=35), False),
        ("direct_buried;U<35kV", Conditions("power", burial="direct_buried"), None),
        ("direct_buried;U<35kV", Conditions("power", burial="conduit"), False),
        ("direct_buried;U>=35kV", Conditions("power", voltage_kv=10), False),
        ("material=PE", Conditions("water", material="pe"), True),
        ("material=PE", Conditions("water", material="plastic"), None),
        ("steel_conduit", Conditions("telecom", burial="conduit", material="steel"), True),
        ("steel_conduit", Conditions("telecom", burial="conduit", material="pvc"), False),
        ("steel_conduit", Conditions("telecom", burial="conduit", material="copper"), None),
        ("steel_conduit", Conditions("telecom", burial="direct_buried", material="copper"), False),
        ("direct_buried_or_plastic_or_concrete_conduit", Conditions("telecom", burial="direct_buried"), True),
        ("direct_buried_or_plastic_or_concrete_conduit", Conditions("telecom", burial="conduit"), None),
        ("jacking_or_shield", Conditions("utility_tunnel", method="jacking"), True),
        ("jacking_or_shield", Conditions("utility_tunnel"), None),
        ("direct_buried", Conditions("heat", burial="pipe_buried"), True),
        ("direct_buried", Conditions("heat", burial="channel"), False),
    ],
)
def test_conditions_are_yes_no_or_unknown(shipped, tokens, facts, holds):
    assert conditions_hold(shipped, tokens, facts) is holds


def test_every_condition_a_rule_names_can_be_asked(shipped):
    facts = Conditions("gas")
    for rule in (*shipped.horizontal, *shipped.vertical):
        conditions_hold(shipped, rule.condition_a, facts)
        conditions_hold(shipped, rule.condition_b, facts)


def test_heat_in_a_channel_is_asked_as_trench_too(shipped):
    assert rule_kinds_of(shipped, Conditions("heat", burial="channel")) == ("heat", "trench")
    assert rule_kinds_of(shipped, Conditions("drainage_foul")) == ("drainage",)
    assert rule_kinds_of(shipped, Conditions("industrial")) == ()


def test_surfaces_of_groups_hold_for_their_members(shipped):
    assert surface_holds(shipped, "carriageway_or_farmland", "carriageway") is True
    assert surface_holds(shipped, "carriageway_or_farmland", "non_motor_or_footway") is False
    assert surface_holds(shipped, "general", "non_motor_or_footway") is True
    assert surface_holds(shipped, "carriageway", None) is None


@pytest.mark.parametrize(
    ("facts", "outer_mm"),
    [
        ({"kind": "drainage_foul", "material": "concrete", "nominal_mm": 1000}, 1200),
        ({"kind": "water", "material": "ductile_iron", "nominal_mm": 300}, 326),
        ({"kind": "gas", "material": "pe", "nominal_mm": 315}, 315),
        ({"kind": "gas", "material": "steel", "nominal_mm": 200}, 219.1),
        ({"kind": "telecom", "material": "concrete", "burial": "duct_block", "nominal_mm": 900}, 900),
        ({"kind": "power", "material": "concrete", "burial": "channel", "nominal_mm": 900}, 1200),
    ],
)
def test_outer_sizes_follow_material_and_burial(shipped, facts, outer_mm):
    envelope = outer_size(shipped, **facts)

    assert envelope is not None
    assert envelope.outer_mm == pytest.approx(outer_mm, abs=0.2)
    assert envelope.assumed


@pytest.mark.parametrize(
    "kind", ["water", "gas", "power", "trench", "unknown", "drainage_storm", "industrial"]
)
@pytest.mark.parametrize("nominal_mm", [1, 20, 299.9, 300, 5000])
def test_every_size_of_every_kind_has_an_envelope(shipped, kind, nominal_mm):
    envelope = outer_size(shipped, kind=kind, nominal_mm=nominal_mm)

    assert envelope is not None
    assert envelope.outer_mm >= nominal_mm


_LAID = {  # what mains of these kinds are made of, from which nominal size on
    "gas": {"pe": 1, "steel": 1, "ductile_iron": 80, "cast_iron": 80},
    "water": {"pe": 1, "steel": 1, "ductile_iron": 80, "cast_iron": 80, "asbestos_cement": 80, "concrete": 300},
    "reclaimed": {"pe": 1, "steel": 1, "ductile_iron": 80, "cast_iron": 80, "asbestos_cement": 80, "concrete": 300},
}  # fmt: skip


@pytest.mark.parametrize("kind", _LAID)
def test_a_forgotten_material_makes_no_main_smaller_or_surer(shipped, kind):
    for nominal_mm in (
        15,
        20,
        25,
        32,
        40,
        50,
        65,
        80,
        100,
        110,
        150,
        160,
        200,
        300,
        315,
        400,
        500,
        600,
        630,
        800,
        1000,
        1200,
        1600,
        1800,
    ):
        unknown = outer_size(shipped, kind=kind, nominal_mm=nominal_mm)
        assert unknown is not None
        for material in (name for name, least in _LAID[kind].items() if nominal_mm >= least):
            told = outer_size(shipped, kind=kind, nominal_mm=nominal_mm, material=material)
            assert told is not None
            largest = unknown.outer_mm + unknown.spread_mm
            assert largest >= told.outer_mm + told.spread_mm - 0.01, (nominal_mm, material)
            assert unknown.outer_mm - unknown.spread_mm <= told.outer_mm - told.spread_mm + 0.01, (
                nominal_mm,
                material,
            )


@pytest.mark.parametrize(
    ("accuracy_class", "depth_m", "plan_m", "level_m"),
    [
        ("hidden_point", 2.0, 0.1118, 0.1530),  # hypot(0.05, 0.05*2), hypot(0.03, 0.075*2)
        ("hidden_point", 0.4, 0.0707, 0.0808),  # h counts as 1 m
        ("visible_point", 1.0, 0.05, 0.0391),  # hypot(0.03, 0.025)
        ("visible_point", 5.0, 0.05, 0.0583),  # hypot(0.03, 0.01*5)
        ("never heard of", None, 1.0, 1.5811),  # assumed, depth taken as 10 m
    ],
)
def test_accuracy_grows_with_depth(shipped, accuracy_class, depth_m, plan_m, level_m):
    found = sigma(shipped, accuracy_class, depth_m)

    assert (found.plan_m, found.level_m) == pytest.approx((plan_m, level_m), abs=1e-4)


@pytest.mark.parametrize(
    ("nominal_mm", "outer_mm"), [(350, 377), (350, 355.6), (400, 426), (500, 530), (600, 630), (1000, 1020)]
)
def test_a_steel_pipe_of_either_series_lies_within_the_assumed_outer_size(shipped, nominal_mm, outer_mm):
    size = outer_size(shipped, kind="gas", nominal_mm=nominal_mm, material="steel")

    assert size is not None
    assert abs(size.outer_mm - outer_mm) <= size.spread_mm
