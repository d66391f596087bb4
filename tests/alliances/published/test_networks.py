"""Networks of friends and foes: Galam's spins, structural balance, contests, power allocation."""

from __future__ import annotations

import itertools
import pickle
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors

published = bg.published


def symmetric(values, n, diagonal=0):
    matrix = [[diagonal] * n for _ in range(n)]
    for (i, j), value in zip(itertools.combinations(range(n), 2), values, strict=True):
        matrix[i][j] = matrix[j][i] = value
    return matrix


def test_galams_triangle():
    """MODEL.md A4: energies -1 six times and 3 twice; each ground state has a zero-field spin."""
    triangle = published.galam(-1, names=["A", "B", "C"])
    assert triangle.energy_levels() == ((-1, 6), (3, 2))
    ground = triangle.ground_states()
    assert len(ground) == 6
    assert all(0 in triangle.local_fields(spins) for spins in ground)
    found = bg.alignments(triangle.alignment_game())
    assert found.minima.shape[0] == 3  # up to the global flip


@settings(max_examples=30)
@given(st.integers(2, 4), st.data())
def test_galams_energy_pair_by_pair(n, data):
    number = st.fractions(-3, 3, max_denominator=3)
    pairs = n * (n - 1) // 2
    matrix = symmetric(data.draw(st.lists(number, min_size=pairs, max_size=pairs)), n)
    field = data.draw(st.lists(number, min_size=n, max_size=n))
    system = published.galam(matrix, field)
    game, landscape = system.game(), system.alignment_game()
    shift = sum(map(sum, matrix)) / Fraction(2) + sum(field)
    levels = Counter()
    for spins in itertools.product((1, -1), repeat=n):
        energy = -sum(
            matrix[i][j] * spins[i] * spins[j] for i, j in itertools.combinations(range(n), 2)
        ) - sum(b * s for b, s in zip(field, spins, strict=True))
        assert system.energy(spins) == energy
        levels[energy] += 1
        sides = [(1 - s) // 2 for s in spins] + [0] * (landscape.n_states - n)
        assert landscape.exact_energy(sides) == energy + shift
        profile = tuple((1 - s) // 2 for s in spins)
        for i in range(n):  # a flip changes the payoff by twice the pull, as it does the energy
            flipped = [-s if j == i else s for j, s in enumerate(spins)]
            other = tuple((1 - s) // 2 for s in flipped)
            gain = game.exact_payoffs[(i, *other)] - game.exact_payoffs[(i, *profile)]
            assert gain == system.energy(spins) - system.energy(flipped)
    assert system.energy_levels() == tuple(sorted(levels.items()))


def test_a_field_draws_to_a_global_alliance():
    system = published.galam(0, {"A": 1, "B": "-1/2"}, ["A", "B"])
    assert system.ground_states() == ((1, -1),)
    assert system.alignment_game().names == ("A", "B", "global alliance")
    taken = published.galam(1, field=[1, 2], names=["global alliance", "B"])
    assert taken.alignment_game().names == ("global alliance", "B", "global alliance'")
    assert "-1/2" in repr(system)
    assert system.energy({"B": 1, "A": -1}) == system.energy([-1, 1]) == Fraction(3, 2)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: published.galam([[0, 1], [2, 0]]), errors.InvalidPropensityError),
        (lambda: published.galam(1), errors.InvalidShapeError),
        (lambda: published.galam("1/2"), errors.InvalidShapeError),
        (lambda: published.galam(1, names=["A", "B"]).energy({"A": 1}), errors.InvalidShapeError),
        (lambda: published.galam(1, names=["A", "B"]).energy({1, -1}), errors.InvalidTypeError),
        (lambda: published.galam(1, [1], ["A", "B"]), errors.InvalidShapeError),
        (lambda: published.galam(1, 5, ["A", "B"]), errors.InvalidShapeError),
        (lambda: published.galam(1, {"C": 1}, ["A", "B"]), errors.UnknownStateError),
        (lambda: published.galam(1, {"A": 1}, ["A", "B"]), errors.InvalidShapeError),
        (lambda: published.galam(1, names=["A", "B"]).energy([1]), errors.InvalidShapeError),
        (lambda: published.galam(1, names=["A", "B"]).energy([1, 0]), errors.InvalidParameterError),
        (lambda: published.galam(1, names=["A", "B"]).energy("++"), errors.InvalidTypeError),
        (
            lambda: published.galam(1, names=list(map(str, range(17)))).energy_levels(),
            errors.TooManyProfilesError,
        ),
    ],
)
def test_galam_checks_its_arguments(call, error):
    with pytest.raises(error):
        call()


@pytest.mark.parametrize(("n", "balanced"), [(3, 4), (4, 8), (5, 16)])
def test_how_many_graphs_are_balanced(n, balanced):
    """MODEL.md A5: 4 of 8, 8 of 64, 16 of 1,024; triads and camps agree on which."""
    found = 0
    for signs in itertools.product((1, -1), repeat=n * (n - 1) // 2):
        graph = published.structural_balance(symmetric(signs, n))
        assert graph.is_balanced == (graph.unbalanced_triads == ()) == (graph.energy == -1)
        assert not (graph.is_balanced and graph.is_jammed)
        found += graph.is_balanced
    assert found == balanced


def cliques(*sizes):
    of = [k for k, size in enumerate(sizes) for _ in range(size)]
    return published.structural_balance([[1 if a == b else -1 for b in of] for a in of])


def test_three_hostile_cliques_are_jammed_when_two_outweigh_the_third():
    """MODEL.md A5: (3, 3, 3) and (4, 4, 3) are, none of 10 states is."""
    assert cliques(3, 3, 3).is_jammed
    assert cliques(3, 3, 3).energy == Fraction(-30, 84)
    assert cliques(4, 4, 3).is_jammed
    for n in range(3, 12):
        for a, b in itertools.combinations_with_replacement(range(1, n), 2):
            c = n - a - b
            if c < b:
                continue
            strictly = min(a + b - c, a + c - b, b + c - a) > 2
            graph = cliques(a, b, c)
            assert graph.is_jammed == strictly
            assert n != 10 or not strictly
            assert not graph.is_balanced


@settings(max_examples=30)
@given(st.lists(st.sampled_from([1, -1]), min_size=15, max_size=15))
def test_jammed_by_the_definition(signs):
    matrix = symmetric(signs, 6)
    graph = published.structural_balance(matrix)
    flips = []
    for i, j in itertools.combinations(range(6), 2):
        other = [list(row) for row in matrix]
        other[i][j] = other[j][i] = -matrix[i][j]
        flips.append(published.structural_balance(other).energy)
    assert graph.is_jammed == (not graph.is_balanced and min(flips) > graph.energy)


def test_camps_of_a_balanced_graph():
    graph = published.structural_balance(
        {"A": {"B": -1, "C": 1}, "B": {"C": -1}, "C": {}}, ["A", "B", "C"]
    )
    assert graph.camps == (("A", "C"), ("B",))
    assert published.structural_balance(1, ["A", "B", "C"]).camps == (("A", "B", "C"), ())
    assert "balanced" in repr(graph)
    assert "jammed" in repr(cliques(3, 3, 3))


@pytest.mark.parametrize("sign", [0, 2, "1/2"])
def test_signs_are_plus_or_minus_one(sign):
    with pytest.raises(errors.InvalidParameterError, match="the sign of A and B"):
        published.structural_balance(sign, ["A", "B", "C"])
    with pytest.raises(errors.InvalidShapeError, match="at least 3"):
        published.structural_balance(1, ["A", "B"])
    with pytest.raises(errors.InvalidPropensityError, match="signs of B and A"):
        published.structural_balance([[0, 1, 1], [-1, 0, 1], [1, 1, 0]], ["A", "B", "C"])


TRIANGLE = (["A", "B", "C"], [("A", "B")], [("C", "A"), ("B", "C")])


def test_allies_against_an_enemy():
    """MODEL.md A14."""
    found = published.koenig_network(*TRIANGLE, ally_spillover=".2", enemy_spillover=".1")
    assert [round(float(x), 5) for x in found.efforts] == [0.19253, 0.19253, 0.31313]
    assert [round(float(x), 4) for x in found.shares] == [0.2963, 0.2963, 0.4074]
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("n", [2, 3, 7])
def test_an_empty_network_is_tullocks_contest(n):
    found = published.koenig_network(n, ally_spillover=1, enemy_spillover=1)
    assert set(found.efforts) == {published.tullock_contest(n).effort}
    assert n != 3 or found.efforts[0] == Fraction(2, 9)


@st.composite
def networks(draw):
    n = draw(st.integers(2, 5))
    names = [f"s{i}" for i in range(n)]
    kinds = {pair: draw(st.sampled_from("afn")) for pair in itertools.combinations(names, 2)}
    beta = draw(st.fractions(0, "3/5", max_denominator=20))
    gamma = draw(st.fractions(0, "3/10", max_denominator=20))
    return names, kinds, beta, gamma


def solved(names, kinds, beta, gamma):
    return published.koenig_network(
        names,
        [pair for pair, kind in kinds.items() if kind == "a"],
        [pair for pair, kind in kinds.items() if kind == "f"],
        ally_spillover=beta,
        enemy_spillover=gamma,
    )


@settings(max_examples=30)
@given(networks(), st.lists(st.fractions(0, 4, max_denominator=60), min_size=4, max_size=4))
def test_efforts_are_best_replies(network, factors):
    names, kinds, beta, gamma = network
    try:
        found = solved(*network)
    except errors.NoEquilibriumError:
        assume(False)  # noqa: FBT003
    weight = {"a": beta, "f": -gamma, "n": Fraction(0)}

    def paid(i, x):
        phi = [
            x[j]
            + sum(
                weight[kinds[tuple(sorted((names[j], names[k])))]] * x[k]
                for k in range(len(names))
                if k != j
            )
            for j in range(len(names))
        ]
        return phi[i] / sum(phi) - x[i]

    x = list(found.efforts)
    for i in range(len(names)):
        assert paid(i, x) == found.payoffs[i]
        for factor in factors:
            other = [factor * x[i] if j == i else x[j] for j in range(len(x))]
            assert paid(i, other) <= paid(i, x)
    assert sum(found.shares) == 1
    assert found.total_effort == sum(x)


@pytest.mark.parametrize(
    ("network", "says"),
    [
        ((3, [], [("state 0", "state 1"), ("state 0", "state 2")], 0, ".5"), "not positive"),
        ((["A", "B"], [("A", "B")], [], 1, 0), "no unique solution"),
        ((["A", "B", "C"], [("A", "B"), ("B", "C")], [], ".8", 0), "effort of A would be"),
    ],
)
def test_networks_without_the_closed_form(network, says):
    names, allies, enemies, beta, gamma = network
    with pytest.raises(errors.NoEquilibriumError, match=says):
        published.koenig_network(names, allies, enemies, ally_spillover=beta, enemy_spillover=gamma)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((1, [], []), errors.InvalidParameterError),
        ((10**9, [], []), errors.InvalidParameterError),
        ((None, [], []), errors.InvalidTypeError),
        ((2, [("state 0", 1)], []), errors.UnknownStateError),
        ((["A"], [], []), errors.InvalidShapeError),
        ((["A", "B"], [("A", "X")], []), errors.UnknownStateError),
        ((["A", "B"], [("A", "A")], []), errors.InvalidNameError),
        ((["A", "B"], [("A", "B")], [("B", "A")]), errors.InvalidNameError),
        ((["A", "B"], ["AB"], []), errors.InvalidTypeError),
        ((["A", "B"], [("A",)], []), errors.InvalidTypeError),
        ((["A", "B"], "AB", []), errors.InvalidTypeError),
        ((["A", "B"], 5, []), errors.InvalidTypeError),
    ],
)
def test_networks_check_their_arguments(arguments, error):
    with pytest.raises(error):
        published.koenig_network(*arguments, ally_spillover=0, enemy_spillover=0)
    with pytest.raises(errors.InvalidParameterError, match="ally_spillover is -1"):
        published.koenig_network(2, ally_spillover=-1, enemy_spillover=0)


@st.composite
def allocations(draw):
    n = draw(st.integers(2, 3))
    names = list("ABC"[:n])
    power = {name: draw(st.integers(1, 3)) for name in names}
    kinds = {pair: draw(st.sampled_from("+-0")) for pair in itertools.combinations(names, 2)}
    rows = {}
    for name in names:
        kin = [m for m in names if m == name or kinds[tuple(sorted((m, name)))] != "0"]
        row = Counter(draw(st.sampled_from(kin)) for _ in range(power[name]))
        rows[name] = dict(row)
    near = [pair for pair, kind in kinds.items() if kind == "+"]
    far = [pair for pair, kind in kinds.items() if kind == "-"]
    return power, rows, near, far


@given(allocations())
def test_support_threat_and_survival(case):
    power, rows, near, far = case
    found = published.li_morse(power, rows, friends=near, foes=far)
    foes = {name: [a if b == name else b for a, b in far if name in (a, b)] for name in power}
    pals = {name: [a if b == name else b for a, b in near if name in (a, b)] for name in power}
    got = Counter()
    for giver, row in rows.items():
        for target, amount in row.items():
            got[giver, target] += amount
    for name, support, threat, status in zip(
        power, found.support, found.threat, found.statuses, strict=True
    ):
        assert support == sum(got[j, name] for j in [name, *pals[name]]) + sum(
            got[name, j] for j in foes[name]
        )
        assert threat == sum(got[j, name] for j in foes[name])
        assert status == ("safe", "precarious", "unsafe")[(support <= threat) + (support < threat)]
        assert (name in found.survivors) == (support >= threat)


@given(allocations())
def test_the_game_of_allocations_agrees_with_the_definitions(case):
    power, rows, near, far = case
    found = published.li_morse(power, rows, friends=near, foes=far)
    game = published.li_morse_game(power, friends=near, foes=far)
    np.testing.assert_array_equal(game.expected_payoffs(found.actions), found.payoffs)
    assert found.is_equilibrium == (game.regret(found.actions).max() == 0)


@given(allocations())
def test_own_survival_comes_first(case):
    """The axioms: more of one's friends and fewer of one's foes, but survival before all."""
    power, rows, near, far = case
    found = published.li_morse(power, rows, friends=near, foes=far)
    for name, paid in zip(power, found.payoffs, strict=True):
        assert (paid >= len(power)) == (name in found.survivors)


def test_a_friend_can_save():
    saved = published.li_morse(
        {"A": 2, "B": 1, "C": 2},
        {"A": {"C": 2}, "B": {"C": 1}, "C": {"B": 2}},
        friends=[("A", "B")],
        foes=[("A", "C"), ("B", "C")],
    )
    assert saved.statuses == ("safe", "unsafe", "unsafe")
    assert "A survives" in repr(saved)
    assert saved.actions == ("2 to C", "1 to C", "2 to B")


@pytest.mark.parametrize(
    ("power", "rows", "error", "says"),
    [
        ({"A": 1, "B": 1}, {"A": {"A": 1}}, errors.InvalidParameterError, "of B sums to 0"),
        ({"A": 1, "B": 1}, {"X": {}}, errors.UnknownStateError, "state in allocation 'X'"),
        ({"A": 1, "B": 1}, {"A": {"X": 1}}, errors.UnknownStateError, "in allocation of A"),
        ({"A": 1, "B": 1}, {"A": {"B": 1}}, errors.InvalidParameterError, "neither friends"),
        ({"A": 1, "B": 1}, {"A": {"A": -1}}, errors.InvalidParameterError, "A to A is -1"),
        ({"A": 1, "B": 1}, {"A": 1}, errors.InvalidTypeError, "allocation of A is 1"),
        ({"A": 1, "B": 1}, 1, errors.InvalidTypeError, "allocation is 1"),
        ({"A": 0, "B": 1}, {}, errors.InvalidPowerError, "power of A"),
    ],
)
def test_allocations_are_checked(power, rows, error, says):
    with pytest.raises(error, match=says):
        published.li_morse(power, rows)


def test_games_of_allocations_take_whole_and_small_powers():
    with pytest.raises(errors.InvalidParameterError, match="whole"):
        published.li_morse_game([1, "1/2"])
    halves = published.li_morse(
        [1, "1/2"], {"state 0": {"state 0": 1}, "state 1": {"state 1": ".5"}}
    )
    with pytest.raises(errors.InvalidParameterError, match="whole"):
        _ = halves.is_equilibrium
    with pytest.raises(errors.TooManyProfilesError, match="coarser unit"):
        published.li_morse_game([10**9, 1], foes=[("state 0", "state 1")])
    everyone = list(itertools.combinations([f"state {i}" for i in range(8)], 2))
    with pytest.raises(errors.TableTooLargeError):
        published.li_morse_game([6] * 8, foes=everyone)
