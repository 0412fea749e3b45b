"""What a section says of a finding beside the place of its least gap."""

from types import SimpleNamespace

import pytest

from xzgis.conflicts.reports.sections.places import Place
from xzgis.conflicts.reports.sections.scenes import figures, tone_of
from xzgis.conflicts.reports.sections.speech import Speech
from xzgis.conflicts.reports.sections.spoken import Spoken
from xzgis.conflicts.terms import Measure, Outcome


def spoken_at(chainage_m: float) -> Spoken:
    """A breach between 0 and 20 m, bounds 0.32 to 0.53 m at 0, of which a section at a chainage speaks."""
    finding = SimpleNamespace(
        outcome=Outcome.BREACH, measure=Measure.HORIZONTAL, chainage_m=(0.0, 20.0), gap_m=0.32,
        gap_range_m=(0.32, 0.53), required_m=0.5,
    )  # fmt: skip
    return Spoken(1, finding, Place(0.0), False, chainage_m)  # type: ignore[arg-type]  # what is read of a finding


def test_bounds_at_the_place_itself_are_said_to_be_bounds() -> None:
    said = figures(Speech("zh"), spoken_at(0.0), 0.42)

    assert "此处按图 0.42 m（最佳估计）；计入未知后 0.32～0.53 m" in said
    assert "最小" not in said


@pytest.mark.parametrize(
    ("chainage_m", "here_m", "sign"), [(24.0, 0.8, ""), (24.0, 0.4, "✕"), (10.0, 0.8, "✕"), (24.0, None, "✕")]
)
def test_only_beside_the_stretch_and_with_what_is_asked_the_cross_goes(chainage_m, here_m, sign) -> None:
    one = spoken_at(chainage_m)

    said = figures(Speech("zh"), one, here_m)

    assert ("✕" in said) is bool(sign)
    assert (tone_of(one, here_m) == "bad") is bool(sign)
    assert ("此断面在该项 K0+000.0～K0+020.0 之外" in said) is (chainage_m > 20 and here_m is not None)
