"""Stable alignments: against brute force, each method against the others, and hostile input."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame._kernels import threads
from balancegame._kernels.alignment_descent import count_basins, descend_all
from balancegame._kernels.alignment_dolls import solve_dolls
from balancegame._kernels.alignment_minima import minima_under
from balancegame._kernels.alignment_tabu import tabu_search
from balancegame._kernels.alignment_triangles import broken_triangles
from balancegame._kernels.blas_threads import one_blas_thread
from balancegame.solvers.alignments import branch_and_bound, ellipsoid, local_minima, relaxation
from balancegame.solvers.alignments.couplings import Couplings
from balancegame.solvers.alignments.landscape import whole_landscape
from tests.alignments import alignment_games, landscape


def listed(found):
    sides = map(tuple, found.minima.tolist())
    return list(zip(found.exact_energies, sides, found.basins.tolist(), strict=True))


def random_game(n, seed, kind="float"):
    rng = np.random.default_rng([n, seed])
    if kind == "float":
        matrix, size = rng.normal(size=(n, n)), (rng.random(n) + 0.1).tolist()
    else:
        matrix, size = rng.choice([-1, 0] if kind == "hostile" else [-1, 1], (n, n)), 1
    matrix = np.triu(matrix, 1)
    return bg.AlignmentGame(size, matrix + matrix.T)


@given(alignment_games())
def test_all_minima_and_basins_are_those_of_brute_force(game):
    found = bg.alignments(game)
    assert listed(found) == landscape(game)
    assert found.complete
    assert found.n_minima == len(found)
    assert found.gap == 0
    assert found.basins.sum() == 2 ** (game.n_states - 1)
    assert not found.basin_errors.any()


@given(alignment_games(), st.integers(0, 2))
def test_enumeration_over_bits_agrees_with_the_table(game, depth):
    """The kernels as plain Python, from every prefix, on couplings of one digit and of several."""
    couplings = Couplings.of(game)
    n = game.n_states
    depth = min(depth, n - 1)
    order = np.argsort(-np.abs(couplings.lead).sum(axis=1), kind="stable")
    codes, values = np.empty(1 << n, np.int64), np.empty(1 << n, np.int64)
    found, sums = [], {}
    for prefix in range(1 << depth):
        k = minima_under(prefix, depth, *couplings.kernel_arguments, order, codes, values)
        found += codes[:k].tolist()
        sums |= dict(zip(codes[:k].tolist(), values[:k].tolist(), strict=True))
    expected, basins = whole_landscape(couplings)
    assert sorted(found) == expected.tolist()
    for code, value in sums.items():
        x = local_minima.sides_of(np.array([code]), n)[0]
        assert value == x @ couplings.lead @ x // 2
    for room in (0, 3, 1 << n):
        counts, known = np.zeros(len(expected), np.int64), np.zeros(room, np.int32)
        middle = (1 << (n - 1)) // 2
        for first, end in ((0, middle), (middle, 1 << (n - 1))):
            count_basins(first, end, *couplings.kernel_arguments, expected, known, counts)
        assert counts.tolist() == basins.tolist()
    ends = local_minima.sides_of(np.arange(1 << (n - 1)), n)
    descend_all(0, len(ends), ends, *couplings.kernel_arguments)
    ends *= ends[:, :1]
    reached = (ends < 0) @ (1 << np.arange(n - 1, -1, -1))
    assert np.unique(reached, return_counts=True)[1].tolist() == basins.tolist()


def test_couplings_of_any_length_come_back_from_their_digits():
    game = bg.AlignmentGame([1, 1e-3, 1e30], [[0, 0.1, -0.7], [0.1, 0, 1e-9], [-0.7, 1e-9, 0]])
    couplings = Couplings.of(game)
    assert len(couplings.digits) > 2
    whole = couplings.lead.astype(object) << (couplings.radix * len(couplings.digits))
    for level, digit in enumerate(couplings.digits):
        whole += digit.astype(object) << (couplings.radix * level)
    assert (whole == game.integer_couplings).all()
    assert Couplings.of(bg.AlignmentGame(0.1, 0.1, ["A", "B", "C"])).is_whole  # one common value


@given(alignment_games(min_states=2))
@settings(max_examples=60)
def test_russian_dolls_find_the_maximum_and_with_slack_all_near_it(game):
    J = Couplings.of(game).lead
    n = len(J)
    rows = local_minima.sides_of(np.arange(1 << (n - 1)), n)
    sums = sorted((int(x @ J @ x) // 2 for x in rows), reverse=True)
    found = np.empty((1 << n, n), np.int64)
    met, _ = solve_dolls(J, -(1 << 62), 0, 1 << 40, found)
    assert int(found[met - 1] @ J @ found[met - 1]) // 2 == sums[0]
    slack = 3
    met, _ = solve_dolls(J, sums[0] - slack, slack + 1, 1 << 40, found)
    stable = [x for x in rows if ((x * (J @ x)) >= 0).all() and x @ J @ x // 2 >= sums[0] - slack]
    seen = {tuple(row * row[0]) for row in found[:met].tolist() for row in [np.array(row)]}
    assert {tuple(x.tolist()) for x in stable} <= {tuple(map(int, row)) for row in seen}
    assert solve_dolls(J, sums[0] + 1, 0, 1 << 40, found)[0] == 0
    assert solve_dolls(J, -(1 << 62), 0, 0, found)[0] < 0


@pytest.mark.compiled
@given(alignment_games(max_states=7))
@settings(max_examples=60)
def test_weaker_guarantees_agree_with_the_strongest(game):
    everything = bg.alignments(game)
    least = bg.alignments(game, guarantee="global", samples=64)
    assert least.exact_energies[0] == everything.exact_energies[0]
    assert least.exact_gap == 0
    assert not least.complete
    bound = bg.alignments(game, guarantee="bound", samples=64)
    assert bound.exact_lower_bound <= everything.exact_energies[0] <= bound.exact_energies[0]
    assert {tuple(row) for row in bound.minima.tolist()} <= {
        tuple(row) for row in everything.minima.tolist()
    }


@pytest.mark.compiled
@pytest.mark.parametrize("kind", ["float", "signs", "hostile"])
def test_compiled_enumeration_agrees_with_branch_and_bound(kind):
    game = random_game(22, 1, kind)
    found = bg.alignments(game)
    assert found.complete
    assert found.basins.sum() == 2**21
    assert all(game.is_stable(sides) for sides in found.minima)
    assert sorted(found.exact_energies) == list(found.exact_energies)
    assert bg.alignments(game, guarantee="global").exact_energies[0] == found.exact_energies[0]


@pytest.mark.parametrize(
    ("n", "n_minima"),  # half of n choose n / 2
    [(6, 10), pytest.param(14, 1716, marks=pytest.mark.compiled)],
)
def test_enumeration_by_kernels_agrees_with_the_table_on_many_ties(n, n_minima):
    game = bg.AlignmentGame(1, -1, [str(i) for i in range(n)])
    couplings = Couplings.of(game)
    codes, basins = whole_landscape(couplings)
    found, total = local_minima.all_minima(couplings, 10**6)
    assert total == len(codes) == n_minima
    assert np.sort(found).tolist() == codes.tolist()
    assert local_minima.all_basins(couplings, codes).tolist() == basins.tolist()
    few, still = local_minima.all_minima(couplings, 7)
    assert (len(few), still) == (7, total)


@pytest.mark.parametrize("nodes_within", [0, 30_000_000])
@pytest.mark.parametrize("kind", ["float", "signs", "hostile"])
@pytest.mark.parametrize(("n", "small"), [(7, 3), pytest.param(26, 12, marks=pytest.mark.compiled)])
def test_branch_and_bound_alone_agrees_with_the_dolls(n, small, kind, nodes_within, monkeypatch):
    """With the dolls kept to tiny nodes, the relaxation has to do the work, or its ellipsoid."""
    game = random_game(n, 2, kind)
    couplings = Couplings.of(game)
    start = np.ones((1, n), dtype=np.int64)
    expected = branch_and_bound.prove(couplings.lead, couplings.pair_slack, start)
    monkeypatch.setattr(branch_and_bound, "_WHOLE_GAME", 0)
    monkeypatch.setattr(branch_and_bound, "_SMALL", small)
    monkeypatch.setattr(branch_and_bound, "_NODES_WITHIN", nodes_within)
    proof = branch_and_bound.prove(couplings.lead, couplings.pair_slack, start)
    assert expected.complete
    assert proof.complete
    assert proof.bound == expected.bound
    assert min(couplings.energies(proof.sides)) == min(couplings.energies(expected.sides))


def any_multipliers(J, random):
    n = len(J)
    triangles = np.array(
        [
            [*sorted(random.sample(range(n), 3)), *(random.choice([-1, 1]) for _ in range(3))]
            for _ in range(5)
        ]
    )
    size = float(np.abs(J).max()) or 1.0
    return relaxation.Multipliers(
        np.array([random.uniform(-size, n * size) for _ in range(n)]),
        triangles,
        np.array([random.uniform(0, size) for _ in range(5)]),
        1.0,
    )


@pytest.mark.compiled
@given(
    alignment_games(min_states=3, max_states=8),
    st.randoms(use_true_random=False),
    st.integers(0, 60),
)
@settings(max_examples=150)
def test_the_ellipsoid_holds_whatever_meets_the_target(game, random, place):
    """By any multipliers: all of the first sum, and one of it where ties are not asked for."""
    J = Couplings.of(game).lead
    n = len(J)
    rows = local_minima.sides_of(np.arange(1 << (n - 1)), n)
    sums = np.array([int(x @ J @ x) // 2 for x in rows])
    at = any_multipliers(J, random)
    for least in (int(sums.max()), int(sums.max()) + 1, int(np.sort(sums)[-1 - place % len(sums)])):
        best = {tuple(x) for x in rows[(sums == sums.max()) & (sums >= least)].tolist()}
        one = ellipsoid.search_within(J, at, least, 0, 10**6, 1)
        assert one.settled
        assert one.rows.size == 0 or max(int(x @ J @ x) // 2 for x in one.rows) == sums.max()
        assert bool(one.rows.size) == bool(best)
        ties = ellipsoid.search_within(J, at, least, 1, 10**6, 256)
        found = {tuple(x) for x in (ties.rows * ties.rows[:, :1]).tolist()}
        assert ties.settled
        assert not ties.overflow
        assert found >= best
        assert len(found) == len(ties.rows)
    few = ellipsoid.search_within(J, at, int(sums.min()), 0, 0, 1)
    assert not few.settled


def test_an_ellipsoid_with_more_than_there_is_room_for():
    J = np.zeros((9, 9), dtype=np.int64)
    at = relaxation.Multipliers(np.ones(9), np.empty((0, 6), np.int64), np.empty(0), 1.0)
    found = ellipsoid.search_within(J, at, 0, 1, 10**6, 3)
    assert found.overflow
    assert len(found.rows) == 64 * 3


@pytest.mark.compiled
@given(alignment_games(min_states=3, max_states=7), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_bounds_hold_whatever_the_multipliers(game, random):
    J = Couplings.of(game).lead
    n = len(J)
    rows = local_minima.sides_of(np.arange(1 << (n - 1)), n)
    best = max(int(x @ J @ x) // 2 for x in rows)
    at = any_multipliers(J, random)
    assert relaxation.proven_bound(J, at) >= best
    found = relaxation.upper_bound(J, -(1 << 62), patient=True)
    assert found.bound >= best
    assert found.bound <= np.abs(J).sum() // 2


def test_triangles_broken_most_are_found_in_little_room():
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (12, 12))
    X = (X + X.T) / 2
    whole, excess = np.empty((4096, 6), np.int64), np.empty(4096)
    count = broken_triangles(X, 0.05, whole, excess)
    assert count > 20
    few, some = np.empty((16, 6), np.int64), np.empty(16)
    kept = broken_triangles(X, 0.05, few, some)
    assert some[:kept].max() == excess[:count].max()


def test_tabu_search_returns_the_sum_of_what_it_found():
    J = Couplings.of(random_game(8, 0, "signs")).lead
    best = np.empty(8, np.int64)
    value = tabu_search(J, np.ones(8, np.int64), 50, 2, np.array([7]), best)
    assert value == best @ J @ best // 2
    assert value >= J.sum() // 2


def test_linear_algebra_on_one_thread_gives_the_others_back():
    from balancegame._kernels.blas_threads import _functions

    before = [getter() for _, getter in _functions()]
    with one_blas_thread():
        assert all(getter() == 1 for _, getter in _functions())
    assert [getter() for _, getter in _functions()] == before


@pytest.mark.parametrize("guarantee", ["all", "global", "bound"])
def test_a_small_game_in_plain_python(guarantee):
    game = random_game(6, 5)
    everything = bg.alignments(game)
    found = bg.alignments(game, guarantee=guarantee, basins="sampled", samples=40)
    assert found.exact_energies[0] == everything.exact_energies[0]
    assert found.exact_lower_bound <= everything.exact_energies[0]
    assert (found.exact_gap == 0) or guarantee == "bound"
    assert found.basins.sum() == pytest.approx(2**5)
    known = {
        tuple(row): size
        for row, size in zip(everything.minima.tolist(), everything.basins, strict=True)
    }
    for row, size, error in zip(
        found.minima.tolist(), found.basins, found.basin_errors, strict=True
    ):
        assert abs(size - known[tuple(row)]) < 5 * error


@pytest.mark.compiled
def test_sampled_basins_lie_within_their_errors():
    game = random_game(13, 3, "hostile")
    counted = bg.alignments(game)
    sampled = bg.alignments(game, basins="sampled", samples=20_000)
    assert (sampled.minima == counted.minima).all()
    assert (sampled.basin_errors > 0).all()
    assert (np.abs(sampled.basins - counted.basins) < 5 * sampled.basin_errors).all()
    again = bg.alignments(game, basins="sampled", samples=20_000)
    assert again == sampled
    assert bg.alignments(game, basins="sampled", samples=20_000, seed=1) != sampled


@pytest.mark.compiled
def test_seventy_to_two_hundred_states_get_a_bound():
    for n in (80, 200):
        game = random_game(n, 0)
        found = bg.alignments(game, basins="none")
        assert found.guarantee == "bound"
        assert found.lower_bound < found.energies[0] < 0
        assert found.gap < 0.15 * -found.energies[0]
        assert np.isnan(found.basins).all()
        assert all(game.is_stable(sides) for sides in found.minima)


@pytest.mark.compiled
@pytest.mark.parametrize("processors", [1, 3])
def test_a_proof_is_the_same_on_any_number_of_processors(processors, monkeypatch):
    game = random_game(64, 1, "float")
    expected = bg.alignments(game, guarantee="global", basins="none")
    monkeypatch.setattr(threads, "_processors", lambda: processors)
    found = bg.alignments(game, guarantee="global", basins="none")
    assert found == expected
    assert "nodes" in found.reason
    assert found.gap == 0


@pytest.mark.compiled
def test_sixty_hostile_states_are_proven():
    found = bg.alignments(random_game(60, 0, "hostile"), basins="none")
    assert found.gap == 0
    assert found.guarantee == "global"


@pytest.mark.compiled
def test_a_proof_given_up_leaves_a_bound():
    found = bg.alignments(random_game(90, 0, "hostile"), guarantee="global", seconds=0)
    assert found.gap > 0
    assert "not proven" in found.reason
    assert "gap" in repr(found)


@pytest.mark.compiled
def test_an_interrupted_proof_hands_over_what_it_has(monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(branch_and_bound, "_branch", interrupt)
    with pytest.raises(bg.SearchInterrupted) as caught:
        bg.alignments(random_game(66, 0))
    found = caught.value.result
    assert found.gap > 0
    assert found.game.is_stable(found.global_minimum)


def test_more_minima_than_may_be_listed():
    game = bg.AlignmentGame(1, 0, [str(i) for i in range(6)])
    found = bg.alignments(game, max_minima=5)
    assert (len(found), found.n_minima, found.complete) == (5, 32, False)
    assert "of 32 stable ones 5" in found.reason
    assert found.minima.tolist() == sorted(found.minima.tolist())


def test_one_state_and_two():
    assert listed(bg.alignments(bg.AlignmentGame([3], 0))) == [(0, (0,), 1)]
    assert listed(bg.alignments(bg.AlignmentGame(2, "-1/2", ["A", "B"]))) == [(-4, (0, 1), 2)]


@pytest.mark.parametrize(
    ("n", "options", "error", "words"),
    [
        (41, {"guarantee": "all"}, errors.GuaranteeError, "'global' is available"),
        (121, {"guarantee": "global"}, errors.GuaranteeError, "'bound' is available"),
        (41, {"basins": "exact"}, errors.GuaranteeError, "'sampled' is available"),
        (3, {"guarantee": "al"}, errors.UnknownGuaranteeError, "did you mean 'all'"),
        (3, {"basins": "some"}, errors.UnknownBasinsError, "known: exact"),
        (3, {"max_minima": 0}, errors.InvalidParameterError, "at least 1"),
        (3, {"samples": 1.5}, errors.InvalidTypeError, "whole number"),
        (3, {"seconds": -1}, errors.InvalidParameterError, "at least 0"),
        (3, {"seed": "x"}, errors.InvalidTypeError, "whole number"),
    ],
)
def test_bad_options_are_refused_by_name(n, options, error, words):
    game = bg.AlignmentGame(1, -1, [str(i) for i in range(n)])
    with pytest.raises(error, match=words):
        bg.alignments(game, **options)


def test_only_alignment_games_are_taken():
    with pytest.raises(errors.InvalidTypeError, match="AlignmentGame"):
        bg.alignments(bg.AlignmentGame(1, -1, ["A", "B"]).normal_form())


def test_a_result_is_frozen_and_travels():
    found = bg.alignments(bg.AlignmentGame(["0.1", 2, 3], -1, ["<A>", "B", "C"], title="t"))
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(pickle.loads(pickle.dumps(found))) == hash(found)
    data = json.loads(found.to_json())
    assert data["energies"] == ["-12.6"]
    assert data["minima"] == found.minima.tolist()
    with pytest.raises(AttributeError):
        found.complete = False
    with pytest.raises(ValueError, match="read-only"):
        found.minima[0, 0] = 1
    assert found.lower_bound <= Fraction(-63, 5)
    frame = found.to_frame()
    assert list(frame.columns) == ["energy", "basin", "basin_error", "<A>", "B", "C"]
    assert "1 stable alignment of t (3 states)" in repr(found)
    assert "&lt;A&gt;" in found._repr_html_()
    assert found.camps() == (("<A>", "B"), ("C",))


def test_one_stable_alignment():
    game = bg.AlignmentGame(["1/3", 1, 2], -1, names=["A", "B", "C"])
    result = bg.alignments(game)
    found = result[0]
    assert found.camps == result.camps(0)
    assert (found.exact_energy, found.energy) == (result.exact_energies[0], result.energies[0])
    assert (found.basin, found.basin_error) == (result.basins[0], 0)
    assert found.to_dict()["energy"] == "-16/3"
    assert str(found) == "A, B against C: energy -5.333333, basin 4"
    assert pickle.loads(pickle.dumps(found)) == found


def test_one_alignment_prints_the_error_of_a_sampled_basin():
    found = bg.alignments(bg.AlignmentGame(1, -1, list("ABCDEFG")), basins="sampled", samples=100)
    assert found[0].basin_error > 0
    assert f"+- {found[0].basin_error:.1g}" in str(found[0])
