"""A drop of a new run: both its levels hold at its place, however near they are told, wherever the axis bends."""

import numpy as np
import pytest

from xzgis.works.rules.levels import STEP_M, breakpoints, crown_and_bottom, told_levels, unordered_steps
from xzgis.works.terms import Depth, ProfilePoint


def profile(*told: tuple[float, float]) -> tuple[ProfilePoint, ...]:
    return tuple(ProfilePoint(chainage_m=at, level_m=level) for at, level in told)


def drawn(vertices: list[float], *told: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Chainages and crown levels of the run that such a profile makes."""
    points = profile(*told)
    chain = np.array(vertices)
    at = breakpoints(chain, told_levels(points, chain[-1])[0])
    crown, _ = crown_and_bottom(Depth(profile=points), at, np.full(len(at), np.nan), 0.2, np.nan)
    return at, crown


@pytest.mark.parametrize("apart_m", [0.0, 0.0005, 0.001, 0.0011, 0.0019, 0.003, 0.005, 0.0051])
@pytest.mark.parametrize(
    "vertices", [[0.0, 40.0], [0.0, 10.0, 40.0], [0.0, 10.0005, 10.002, 40.0], [0.0, 9.9995, 40.0]]
)
def test_a_drop_is_no_slope_to_the_next_point(vertices: list[float], apart_m: float) -> None:
    at, crown = drawn(vertices, (0, 29.8), (10, 29.8), (10 + apart_m, 28.4), (40, 28.4))

    far = np.abs(at - 10) > 0.007
    np.testing.assert_allclose(crown[far], np.where(at[far] < 10, 29.8, 28.4))
    near = crown[~far]
    assert (near.max(), near.min()) == (29.8, 28.4)
    assert np.interp([5.0, 9.98, 10.02, 15.0], at, crown).tolist() == [29.8, 29.8, 28.4, 28.4]


def test_at_one_chainage_a_list_from_the_end_does_not_tell_which_level_comes_first() -> None:
    along = profile((0, 29.8), (10, 29.8), (10, 28.4), (40, 28.4))
    as_along = (along[3], along[1], along[2], along[0])
    apart = profile((40, 28.4), (10.001, 28.4), (10, 29.8), (0, 29.8))

    assert unordered_steps(along) == []
    assert len(unordered_steps(along[::-1])) == 1
    assert len(unordered_steps(as_along)) == 1
    assert unordered_steps(apart) == []
    assert told_levels(apart, 40.0)[1].tolist() == [29.8, 29.8, 28.4, 28.4]


@pytest.mark.parametrize("place", [0.0, 40.0, 39.999])
def test_a_drop_at_an_end_keeps_both_its_levels(place: float) -> None:
    inner = (40, 28.4) if place == 0 else (0, 29.8)
    told = sorted([(place, 29.8), (place, 28.4)], reverse=True, key=lambda one: one[1])
    at, crown = drawn([0.0, 40.0], *([*told, inner] if place == 0 else [inner, *told]))

    assert {29.8, 28.4} <= set(crown.tolist())
    assert np.isfinite(crown).all()
    assert np.interp(20.0, at, crown) == pytest.approx(28.4 if place == 0 else 29.8)


def test_profiles_told_at_random_are_followed_everywhere() -> None:
    """Against a profile sampled by hand: straight between places, and on both levels where it steps."""
    random = np.random.default_rng(12)
    for _ in range(300):
        length = 60.0
        vertices = np.unique(np.round(np.concatenate([[0, length], random.uniform(0, length, 4)]), 4))
        chainage = np.concatenate(
            [[0.0], np.sort(np.round(random.uniform(0.1, length - 0.1, 5), 3)), [length]]
        )
        if np.diff(chainage).min() < 2 * STEP_M:
            continue
        told: list[tuple[float, float]] = []
        before, after = [], []
        for place in chainage:
            # Now and then on a bend of the axis, or next to it.
            if random.random() < 0.4:
                place = vertices[np.abs(vertices - place).argmin()] if random.random() < 0.2 else place
            levels = np.round(
                random.uniform(20, 30, 2 if random.random() < 0.5 and 0 < place < length else 1), 2
            )
            apart = random.choice([0.0, 0.0005, 0.001, 0.002, 0.004])
            told += [(float(place + apart * number), float(level)) for number, level in enumerate(levels)]
            before.append((place, levels[0]))
            after.append((place, levels[-1]))
        if np.diff([place for place, _ in before]).min() < 2 * STEP_M:
            continue
        at, crown = drawn(vertices.tolist(), *told)
        places = np.array([place for place, _ in before])
        for left in range(len(places) - 1):
            inside = np.linspace(places[left] + 0.008, places[left + 1] - 0.008, 9)
            share = (inside - places[left]) / (places[left + 1] - places[left])
            expected = after[left][1] + share * (before[left + 1][1] - after[left][1])
            got = np.interp(inside, at, crown)
            np.testing.assert_allclose(
                got, expected, atol=0.02 * (1 + 10 / (places[left + 1] - places[left]))
            )
        for (place, upper), (_, lower) in zip(before, after, strict=True):
            near = crown[np.abs(at - place) < 0.008]
            assert np.abs(near - upper).min() < 0.02
            assert np.abs(near - lower).min() < 0.02
