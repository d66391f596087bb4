"""Similarity of portfolios: definitions, bounds, semidefiniteness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import kendalltau

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


@given(portfolios())
def test_pi_by_its_definition(drawn):
    rows, w = drawn
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            middle = (np.average(a, weights=w) + np.average(b, weights=w)) / 2
            below = (w * (a - middle) ** 2).sum() + (w * (b - middle) ** 2).sum()
            above = (w * (a - b) ** 2).sum()
            expected = 1.0 if above == 0 else 1 - above / below
            assert bg.pi_score(rows, w)[i, j] == pytest.approx(expected, abs=1e-9)


@given(portfolios())
def test_pi_is_symmetric_bounded_and_never_above_kappa(drawn):
    rows, weights = drawn
    scores = bg.pi_score(rows, weights)
    assert (scores == scores.T).all()
    assert (np.diag(scores) == 1).all()
    assert (np.abs(scores) <= 1).all()
    assert (scores <= bg.kappa(rows, weights) + 1e-12).all()


def test_pi_need_not_be_semidefinite():
    levels = np.repeat(np.arange(5.0)[:, None], 7, axis=1)
    scores = bg.pi_score(levels, scale=(0, 4))
    assert np.linalg.eigvalsh(scores)[0] == pytest.approx(-3)
    projected = bg.pi_score(levels, scale=(0, 4), project=True)
    np.testing.assert_allclose(projected, np.where(np.eye(5) == 1, 1, -0.25), atol=1e-10)


@given(portfolios())
def test_pi_is_projected_only_where_it_must_be(drawn):
    rows, weights = drawn
    scores = bg.pi_score(rows, weights)
    projected = bg.pi_score(rows, weights, project=True)
    if np.linalg.eigvalsh(scores)[0] >= -1e-10:
        assert (projected == scores).all()
    else:
        assert np.linalg.eigvalsh(projected)[0] >= -1e-10
        np.testing.assert_allclose(projected, bg.nearest_correlation(scores), atol=1e-12)


@given(portfolios())
def test_tau_b_is_kendalls(drawn):
    rows, _ = drawn
    assume(rows.shape[1] > 1)
    assume((rows.max(axis=1) > rows.min(axis=1)).all())
    scores = bg.tau_b(rows)
    assert np.linalg.eigvalsh(scores)[0] >= -1e-10
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            assert scores[i, j] == pytest.approx(kendalltau(a, b).statistic, abs=1e-12)


@given(portfolios(), st.data())
def test_tau_b_weighs_a_column_as_so_many_equal_ones(drawn, data):
    rows, _ = drawn
    times = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=rows.shape[1], max_size=rows.shape[1]))
    )
    repeated = np.repeat(rows, times, axis=1)
    assume(repeated.shape[1] > 1)
    assume((repeated.max(axis=1) > repeated.min(axis=1)).all())
    np.testing.assert_allclose(bg.tau_b(rows, times), bg.tau_b(repeated), atol=1e-12)


def test_tau_b_of_what_has_no_order():
    with pytest.raises(InvalidPortfolioError, match=r"portfolios\[1\] is constant"):
        bg.tau_b([[0, 3], [2, 2]])
    with pytest.raises(InvalidPortfolioError, match=r"portfolios\[0\] is constant"):
        bg.tau_b([[0, 3, 3]], [0, 1, 1])
