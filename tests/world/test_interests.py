"""Similarity of portfolios: definitions, bounds, semidefiniteness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import InvalidPortfolioError

MEASURES = pytest.mark.parametrize("measure", [bg.s_score, bg.kappa])


@st.composite
def portfolios(draw):
    n, k = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    rows = draw(st.lists(st.integers(0, 3), min_size=n * k, max_size=n * k))
    weights = draw(st.lists(st.integers(0, 5), min_size=k, max_size=k))
    assume(any(weights))
    return np.array(rows).reshape(n, k), np.array(weights)


@given(portfolios(), st.sampled_from([bg.s_score, bg.kappa]))
def test_both_measures_are_positive_semidefinite(drawn, measure):
    rows, weights = drawn
    for matrix in (measure(rows), measure(rows, weights)):
        assert np.linalg.eigvalsh(matrix)[0] >= -1e-10
        assert (matrix == matrix.T).all()
        assert (np.diag(matrix) == 1).all()
        assert (np.abs(matrix) <= 1).all()


@given(portfolios())
def test_s_by_its_definition(drawn):
    rows, weights = drawn
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            distance = sum(w * abs(x - y) for w, x, y in zip(weights, a, b, strict=True))
            expected = 1 - 2 * distance / (3 * weights.sum())
            assert bg.s_score(rows, weights)[i, j] == pytest.approx(expected)


@given(portfolios())
def test_kappa_by_its_definition(drawn):
    rows, w = drawn
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            mean_a, mean_b = np.average(a, weights=w), np.average(b, weights=w)
            below = (w * (a - mean_a) ** 2).sum() + (w * (b - mean_b) ** 2).sum()
            below += w.sum() * (mean_a - mean_b) ** 2
            above = (w * (a - b) ** 2).sum()
            expected = 1.0 if above == 0 else 1 - above / below
            assert bg.kappa(rows, w)[i, j] == pytest.approx(expected, abs=1e-9)


@given(portfolios(), st.integers(1, 1000))
def test_weights_count_by_their_proportions(drawn, factor):
    rows, weights = drawn
    for measure in (bg.s_score, bg.kappa):
        np.testing.assert_allclose(
            measure(rows, weights * factor), measure(rows, weights), atol=1e-12
        )


@MEASURES
@pytest.mark.parametrize(
    ("rows", "weights", "options", "words"),
    [
        ([[0, 4]], None, {}, r"portfolios\[0, 1\] is 4.0, outside the scale 0 to 3"),
        ([[0, np.nan]], None, {}, "outside the scale"),
        ([[0, 1], [1]], None, {}, "every row equally long"),
        ([1, 2], None, {}, "expected"),
        (np.zeros((0, 3)), None, {}, "expected"),
        ([["a", 1]], None, {}, "must be numbers"),
        ([[0, 1]], [1], {}, r"weights have shape \(1,\), expected \(2,\)"),
        ([[0, 1]], [1, -1], {}, "nonnegative"),
        ([[0, 1]], [0, 0], {}, "not all zero"),
        ([[0, 1]], [np.inf, 1], {}, "finite"),
        ([[0, 1]], None, {"scale": (3, 0)}, "the lower first"),
    ],
)
def test_portfolios_that_cannot_be_compared_are_refused(measure, rows, weights, options, words):
    with pytest.raises(InvalidPortfolioError, match=words):
        measure(rows, weights, **options)


@pytest.mark.parametrize("top", [1e-200, 1.0, 1e200])
def test_the_scale_does_not_matter(top):
    rows = np.array([[0, 1, 0.5], [1, 0, 0.5]])
    for measure in (bg.s_score, bg.kappa):
        np.testing.assert_allclose(measure(rows * top, scale=(0, top)), measure(rows, scale=(0, 1)))
