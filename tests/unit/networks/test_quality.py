"""The score of a dataset: its parts, its bounds, and that it is never told better than it is."""

import pytest

from xzgis.networks.rules.quality import WEIGHTS, Dataset


def a_dataset(left_out: int = 0, **bad_m: float) -> Dataset:
    return Dataset(
        kind="water", owner="水务集团", runs=10, length_m=1000.0, bad_m=dict.fromkeys(WEIGHTS, 0.0) | bad_m,
        surveyed_on=None, undated_m=0.0, accepted_at=None, grade=0, left_out=left_out, is_invented=False,
    )  # fmt: skip


def test_the_weights_are_a_whole() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("dataset", "score"),
    [
        pytest.param(a_dataset(), 100, id="nothing is missing"),
        pytest.param(a_dataset(levels=1000.0), 65, id="no level known"),
        pytest.param(a_dataset(material=1.0), 99, id="a metre is missing: never rounded up"),
        pytest.param(a_dataset(left_out=10), 50, id="as many rows left out as came in"),
        pytest.param(a_dataset(**dict.fromkeys(WEIGHTS, 1000.0)), 0, id="nothing is known"),
    ],
)
def test_a_score_is_what_its_parts_weigh(dataset: Dataset, score: int) -> None:
    assert dataset.score == score
