"""Certificates of lists of any number of players: true ones hold, untrue ones are refused."""

from __future__ import annotations

import copy
import itertools
import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.certificates import supports, tied_supports
from balancegame.certificates.certificate import Certificate, decode, encode_fraction
from balancegame.certificates.reading import Failure, read_fraction
from balancegame.certificates.tied_supports import decompose
from balancegame.certificates.verification import verify_text
from balancegame.testing import normal_form_games
from tests.many_players import best_known, game_of_gains, integer_game, lies_in, tied_game

# Ties, two regular equilibria, a component of three segments, and steps of each kind.
GAME = tied_game((2, 2, 2), 164)
TEXT = bg.nash_equilibria(GAME).certificate.to_json()
CLAIMS = (
    "text: as it was written",
    "game: payoffs read",
    "supports: all that conditional dominance leaves are listed",
    "products: every profile in them is an equilibrium",
    "pure profiles: all equilibria among them lie in a product",
    "ties: solved anew in rationals; all their equilibria lie in products or balls",
    "regions: each excluded or proven to hold one solution",
    "balls: there is one equilibrium of its support in each",
)
EXCLUDED, CUT, BISECTED, SETTLED = 1, 2, 3, 4


def data_of(text=TEXT):
    return json.loads(text)


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


def test_payoffs_of_different_denominators_can_be_verified():
    """FAILS: scales are taken from the solver's denominators (2^53), not the least common ones."""
    rng = np.random.default_rng(0)
    verdicts = []
    for _ in range(10):
        payoffs = rng.integers(-999, 1000, (3, 2, 2, 2)) * np.array([1, 0.5, 0.25]).reshape(
            3, 1, 1, 1
        )
        found = bg.verify(bg.nash_equilibria(bg.NormalFormGame(payoffs)))
        verdicts.append(found.failed)
    assert not any(verdicts), verdicts


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2)])
def test_floats_can_be_verified(shape):
    for seed in range(5):
        payoffs = np.random.default_rng(seed).normal(size=(3, *shape))
        assert bg.verify(bg.nash_equilibria(bg.NormalFormGame(payoffs))).ok, seed


def test_a_ball_that_reaches_another_equilibrium_is_refused():
    """FAILS: the claim is that there is one equilibrium in each; this ball holds two.

    One of them has a probability of 1/9, and the other, with 0 there, another support.
    """
    rng = np.random.default_rng(1)
    for place in range(22):
        payoffs = rng.integers(-9, 10, (3, *[(2, 2, 2), (3, 2, 2)][place % 2]))
    result = bg.nash_equilibria(bg.NormalFormGame(payoffs))
    text = result.certificate.to_json()
    crowded = 0
    for place in range(len(json.loads(text)["balls"])):
        data = json.loads(text)
        ball = data["balls"][place]
        ball["radius"] = encode_fraction(Fraction(1, 8))
        centre = [number(x) for part in ball["profile"] for x in part]
        distances = [np.abs(np.concatenate(e.profile) - centre).max() for e in result]
        if sum(distance <= 1 / 8 for distance in distances) > 1:
            crowded += 1
            assert not verified(data).ok
    assert crowded


def number(written):
    if isinstance(written, int):
        return float(written)
    above, below = (int(part, 16) for part in written.split("/"))
    return above / below


# -- true ones ------------------------------------------------------------------------------------


def test_the_example_has_steps_of_each_kind():
    data = data_of()
    assert {step[0] for one in data["supports"] for step in one["steps"]} == {1, 2, 3, 4}
    assert len(data["balls"]) == 2
    assert len(data["ties"]) == 4
    found = verified(data)
    assert found.ok, str(found)
    assert found.checked == CLAIMS


SHAPES = [(2, 2, 2), (3, 2, 2), (2, 1, 3), (1, 1, 2, 2)]
LARGER = [(3, 3, 2), (3, 3, 3), (2, 2, 2, 2), (3, 2, 2, 2), (2,) * 5, (2,) * 6]
KINDS = {
    "integers": lambda rng, shape: rng.integers(-99, 100, shape),
    "floats": lambda rng, shape: rng.normal(size=shape),
    "tiny floats": lambda rng, shape: rng.normal(size=shape) * 1e-300,
    "floats of all sizes": lambda rng, shape: rng.normal(size=shape) * 10.0 ** rng.integers(-9, 9),
    "thirds": lambda rng, shape: np.vectorize(lambda x: Fraction(int(x), 3), otypes=[object])(
        rng.integers(-99, 100, shape)
    ),
    "ties": lambda rng, shape: rng.integers(0, 3, shape),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "shape", [*SHAPES, *(pytest.param(shape, marks=pytest.mark.compiled) for shape in LARGER)]
)
def test_results_can_be_verified(shape, kind):
    for seed in range(2):
        payoffs = KINDS[kind](np.random.default_rng(seed), (len(shape), *shape))
        result = bg.nash_equilibria(bg.NormalFormGame(payoffs))
        if not result.complete:
            assert kind == "ties"
            continue
        found = bg.verify(result)
        assert found.ok, str(found)
        assert found.checked == CLAIMS


@pytest.mark.thorough
@pytest.mark.compiled
@pytest.mark.parametrize("kind", KINDS)
def test_many_results_can_be_verified(kind):
    for seed in range(2, 60):
        shape = [*SHAPES, *LARGER[:4]][seed % 8]
        payoffs = KINDS[kind](np.random.default_rng(seed), (len(shape), *shape))
        result = bg.nash_equilibria(bg.NormalFormGame(payoffs))
        if result.certificate is not None:
            assert bg.verify(result).ok, (seed, str(bg.verify(result)))


@given(normal_form_games(min_players=3, max_players=3, max_actions=2, payoffs=st.integers(0, 2)))
def test_certificates_say_what_the_list_says(game):
    result = bg.nash_equilibria(game)
    certificate = result.certificate
    if certificate is None:
        return
    assert bg.verify(result).ok
    data = json.loads(certificate.to_json())
    assert len(data["balls"]) + len(vertices_of(data)) >= len(result)
    check_truth(data)


def vertices_of(data):
    return {
        (json.dumps(x), json.dumps(y), json.dumps(z))
        for first, second, third in data["products"]
        for x in first
        for y in second
        for z in third
    }


def check_truth(data):
    """Every equilibrium lies in a product or ball; and just one of its support in each ball."""
    table = np.vectorize(read_fraction, otypes=[object])(
        np.array(data["game"]["payoffs"], dtype=object)
    )
    result = bg.nash_equilibria(bg.NormalFormGame(table))
    assert result.complete
    products = [
        [[tuple(map(read_fraction, vertex)) for vertex in part] for part in product]
        for product in data["products"]
    ]
    sharp = list(result.refine(60))
    for found in sharp:
        listed = found.exact is not None and any(lies_in(found.exact, one) for one in products)
        assert listed or any(in_ball(found, ball) for ball in data["balls"])
    for ball in data["balls"]:
        assert sum(in_ball(found, ball) for found in sharp) == 1


def in_ball(found, ball):
    if list(map(list, found.support)) != ball["support"]:
        return False
    gaps = [
        abs(x - read_fraction(y))
        for part, centre in zip(best_known(found), ball["profile"], strict=True)
        for x, y in zip(part, centre, strict=True)
    ]
    return max(gaps) <= read_fraction(ball["radius"])


def test_a_file_is_checked_like_the_result(tmp_path):
    result = bg.nash_equilibria(GAME)
    result.certificate.save(tmp_path / "game.json")
    assert bg.verify(tmp_path / "game.json") == bg.verify(result)
    assert (tmp_path / "game.json").read_text() == TEXT + "\n"
    assert verified(json.loads(json.dumps(data_of()))).ok


def test_the_checker_needs_nothing_but_its_own_folder(tmp_path):
    source = Path(sys.modules["balancegame.certificates.verification"].__file__).parent
    shutil.copytree(source, tmp_path / "certificates")
    (tmp_path / "game.json").write_text(TEXT)
    # -S leaves out everything that was installed, -E what the environment would add.
    command = [sys.executable, "-S", "-E", "-m", "certificates", "game.json"]
    found = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert found.returncode == 0, found.stderr
    assert found.stdout.endswith("All claims hold.\n")


def test_incomplete_lists_have_none():
    curve = game_of_gains(
        (2, 2, 2), lambda i, at: at[2] * (at[0] * at[1] - Fraction(1, 4)) if i == 2 else 0
    )
    for result in (
        bg.nash_equilibria(curve),
        bg.nash_equilibria(integer_game((2, 2, 2), 11), max_supports=0),
        bg.nash_equilibria(GAME, max_equilibria=1),
    ):
        assert result.certificate is None
        with pytest.raises(ValueError, match="no certificate"):
            bg.verify(result)


# -- untrue ones ----------------------------------------------------------------------------------


def steps_of(data):
    """The steps of the support in which all mix."""
    return next(
        one["steps"] for one in data["supports"] if one["actions"] == [[0, 1], [0, 1], [0, 1]]
    )


def step_of(data, kind):
    return next(step for step in steps_of(data) if step[0] == kind)


def drop_support(data):
    data["supports"].pop()


def drop_tie(data):
    data["ties"].pop()


def no_supports(data):
    data["supports"], data["ties"], data["balls"] = [], [], []


def a_support_twice(data):
    """The first one's steps, which prove nothing, would go unread."""
    data["supports"].insert(0, {**data["supports"][0], "steps": []})


def a_tie_twice(data):
    data["ties"].insert(0, copy.deepcopy(data["ties"][0]))


def a_support_out_of_order(data):
    data["ties"][-1]["actions"][1] = [1, 0]


def an_action_too_many(data):
    data["ties"][-1]["actions"][1] = [0, 1, 2]


def drop_point(data):
    data["products"].pop(0)


def drop_all_products(data):
    data["products"] = []


def drop_end_of_edge(data):
    data["products"][0][1].pop()


def shorten_edge(data):
    data["products"][1][1][0] = [encode_fraction(Fraction(7, 12)), encode_fraction(Fraction(5, 12))]


def lengthen_edge(data):
    data["products"][0][1][0] = [encode_fraction(Fraction(1, 3)), encode_fraction(Fraction(2, 3))]


def move_product(data):
    data["products"][1][1] = [[1, 0]]


def a_product_that_is_none(data):
    data["products"].append([[[0, 1]], [[0, 1]], [[0, 1]]])


def negative_chance(data):
    data["products"][0][1][0] = [2, -1]


def chances_without_sum_1(data):
    data["products"][0][1][0] = [1, 1]


def no_vertices(data):
    data["products"][0][0] = []


def a_tie_that_curves(data):
    data["supports"] = [one for one in data["supports"] if one["actions"] != [[0, 1]] * 3]
    data["ties"].append({"actions": [[0, 1], [0, 1], [0, 1]], "pieces": []})


def drop_first_step(data):
    steps_of(data).pop(0)


def drop_last_step(data):
    steps_of(data).pop()


def a_step_too_many(data):
    steps_of(data).append([BISECTED, 0, 0, 1])


def no_steps(data):
    steps_of(data).clear()


def a_step_of_no_kind(data):
    steps_of(data)[0][0] = 5


def a_step_of_kind_true(data):
    step_of(data, EXCLUDED)[0] = True


def bisect_another_edge(data):
    step_of(data, BISECTED)[1] = 2


def bisect_nothing(data):
    step_of(data, BISECTED)[3] = 0


def bisect_a_player_who_is_not(data):
    step_of(data, BISECTED)[1] = -1


def exclude_by_nothing(data):
    step_of(data, EXCLUDED)[1:] = [0, 0, 0]


def exclude_by_the_opposite(data):
    step_of(data, EXCLUDED)[1:] = [-weight for weight in step_of(data, EXCLUDED)[1:]]


def exclude_by_fewer_weights(data):
    step_of(data, EXCLUDED).pop()


def exclude_where_a_solution_is(data):
    steps_of(data)[-2:] = [[EXCLUDED, 1, 1, 1], steps_of(data)[-1]]


def cut_more(data):
    step_of(data, CUT)[2][1] += 40


def cut_all(data):
    step_of(data, CUT)[2][1] = 256


def cut_below_nothing(data):
    step_of(data, CUT)[2][0] = -40


def cut_by_the_opposite(data):
    weights = step_of(data, CUT)[3]
    weights[0] = [-weight for weight in weights[0]]


def cut_without_weights(data):
    step_of(data, CUT)[3] = []


def settle_without_widening(data):
    step_of(data, SETTLED)[1][0] = [1, 1]


def settle_by_nothing(data):
    step_of(data, SETTLED)[2] = [[0, 0, 0]] * 3


def settle_by_a_large_scale(data):
    step_of(data, SETTLED)[2] = [[8 * x for x in row] for row in step_of(data, SETTLED)[2]]


def settle_outside(data):
    step_of(data, SETTLED)[4][0] = [-1]


def settle_elsewhere(data):
    step_of(data, SETTLED)[4][0] = [decode(step_of(data, SETTLED)[4][0][0]) // 2]


def settle_as_no_equilibrium(data):
    step_of(data, SETTLED)[6] = -1


def settle_in_a_ball_that_is_not(data):
    step_of(data, SETTLED)[6] = 7


def settle_in_anothers_ball(data):
    step_of(data, SETTLED)[6] = 0


def move_ball(data):
    x = read_fraction(data["balls"][1]["profile"][0][0]) + Fraction(1, 1000)
    data["balls"][1]["profile"][0] = [encode_fraction(x), encode_fraction(1 - x)]


def a_pure_player_who_does_not_play(data):
    data["balls"][0]["profile"][1] = [0, 0]


def no_radius(data):
    data["balls"][1]["radius"] = 0


def negative_radius(data):
    data["balls"][1]["radius"] = encode_fraction(Fraction(-1, 1000))


def wide_radius(data):
    data["balls"][1]["radius"] = encode_fraction(Fraction(1, 2))


def ball_wider_than_its_region(data):
    data["balls"][1]["radius"] = encode_fraction(Fraction(1, 5))


def ball_of_another_support(data):
    data["balls"][1]["support"][0] = [0]


def drop_ball(data):
    data["balls"].pop()


def a_ball_too_many(data):
    ball = copy.deepcopy(data["balls"][1])
    ball["profile"] = [[encode_fraction(Fraction(1, 2))] * 2] * 3
    data["balls"].append(ball)


def the_same_ball_twice(data):
    data["balls"].append(copy.deepcopy(data["balls"][1]))


def scale(data):
    data["supports"][2]["scales"][0] += 9


def a_scale_too_large(data):
    data["supports"][2]["scales"][0] = 10**9


def payoff_of_an_edge(data):
    data["game"]["payoffs"][1][0][0][0] = 1


def an_unequal_table(data):
    data["game"]["payoffs"][1][0][0].append(1)


def names_missing(data):
    data["game"]["players"].pop()


def a_key_too_many(data):
    data["more"] = 1


GAME_, SUPPORTS, PRODUCTS, PURE, TIES, REGIONS, BALLS = CLAIMS[1:]


@pytest.mark.parametrize(
    ("claim", "alter"),
    [
        (GAME_, an_unequal_table),
        (GAME_, names_missing),
        (GAME_, a_key_too_many),
        (SUPPORTS, drop_support),
        (SUPPORTS, drop_tie),
        (SUPPORTS, no_supports),
        (SUPPORTS, a_support_twice),
        (SUPPORTS, a_tie_twice),
        (SUPPORTS, a_support_out_of_order),
        (SUPPORTS, an_action_too_many),
        (PRODUCTS, lengthen_edge),
        (PRODUCTS, a_product_that_is_none),
        (PRODUCTS, negative_chance),
        (PRODUCTS, chances_without_sum_1),
        (PRODUCTS, no_vertices),
        (PRODUCTS, move_product),
        (PRODUCTS, payoff_of_an_edge),
        (PURE, drop_point),
        (PURE, drop_all_products),
        (PURE, drop_end_of_edge),
        (TIES, shorten_edge),
        (TIES, a_tie_that_curves),
        (REGIONS, drop_first_step),
        (REGIONS, drop_last_step),
        (REGIONS, a_step_too_many),
        (REGIONS, no_steps),
        (REGIONS, a_step_of_no_kind),
        (REGIONS, a_step_of_kind_true),
        (REGIONS, bisect_another_edge),
        (REGIONS, bisect_nothing),
        (REGIONS, bisect_a_player_who_is_not),
        (REGIONS, exclude_by_nothing),
        (REGIONS, exclude_by_the_opposite),
        (REGIONS, exclude_by_fewer_weights),
        (REGIONS, exclude_where_a_solution_is),
        (REGIONS, cut_more),
        (REGIONS, cut_all),
        (REGIONS, cut_below_nothing),
        (REGIONS, cut_by_the_opposite),
        (REGIONS, cut_without_weights),
        (REGIONS, settle_without_widening),
        (REGIONS, settle_by_nothing),
        (REGIONS, settle_by_a_large_scale),
        (REGIONS, settle_outside),
        (REGIONS, settle_elsewhere),
        (REGIONS, settle_as_no_equilibrium),
        (REGIONS, settle_in_a_ball_that_is_not),
        (REGIONS, settle_in_anothers_ball),
        (REGIONS, move_ball),
        (REGIONS, a_pure_player_who_does_not_play),
        (REGIONS, no_radius),
        (TIES, negative_radius),
        (REGIONS, wide_radius),
        (REGIONS, ball_wider_than_its_region),
        (REGIONS, ball_of_another_support),
        (REGIONS, drop_ball),
        (REGIONS, scale),
        (REGIONS, a_scale_too_large),
        (BALLS, a_ball_too_many),
        (BALLS, the_same_ball_twice),
    ],
)
def test_the_claim_that_is_untrue_is_named(claim, alter):
    data = data_of()
    alter(data)
    found = verified(data)
    assert [name for name, _ in found.failed] == [claim], str(found)
    assert found.checked == CLAIMS[: CLAIMS.index(claim)]
    assert "FAILED" in str(found)


def test_every_step_is_needed():
    data = data_of()
    for one, support in enumerate(data["supports"]):
        for place in range(len(support["steps"])):
            altered = data_of()
            del altered["supports"][one]["steps"][place]
            assert verified(altered).failed[0][0] == REGIONS, (one, place)


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2)])
def test_no_equilibrium_can_be_left_out(shape):
    """Each ball dropped, its region claimed empty, excluded, or left to the ties."""
    n_forged = 0
    for seed in range(8):
        text = bg.nash_equilibria(integer_game(shape, seed)).certificate.to_json()
        for place, ball in enumerate(json.loads(text)["balls"]):
            for forge in (claimed_empty, excluded, left_to_the_ties):
                data = json.loads(text)
                del data["balls"][place]
                own = next(one for one in data["supports"] if one["actions"] == ball["support"])
                forge(data, own, place)
                n_forged += 1
                found = verified(data)
                assert found.failed[0][0] in (REGIONS, TIES), str(found)
        for place in range(len(json.loads(text)["products"])):
            data = json.loads(text)
            del data["products"][place]
            assert verified(data).failed[0][0] == PURE
    assert n_forged


def claimed_empty(data, own, place):
    for one in data["supports"]:
        for step in one["steps"]:
            if step[0] == SETTLED and step[6] == place:
                step[6] = -1
            elif step[0] == SETTLED and step[6] > place:
                step[6] -= 1


def excluded(data, own, place):
    claimed_empty(data, own, place)
    own["steps"] = [
        [EXCLUDED, *[1] * len(own["scales"])] if step[0] == SETTLED else step
        for step in own["steps"]
    ]


def left_to_the_ties(data, own, place):
    claimed_empty(data, own, place)
    data["supports"].remove(own)
    data["ties"].append({"actions": own["actions"], "pieces": []})


@pytest.mark.parametrize("change", [1, -1, 3])
def test_a_changed_payoff_fails_unless_the_list_is_still_true(change):
    refused = 0
    for place in np.ndindex(3, 2, 2, 2):
        data = data_of()
        row = data["game"]["payoffs"][place[0]][place[1]][place[2]]
        row[place[3]] += change
        if verified(data).ok:
            check_truth(data)
        else:
            refused += 1
    assert refused >= 16


# -- hostile ones ---------------------------------------------------------------------------------

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 40)
    | st.sampled_from([-(10**30), 2**60, "0x1/0x3", "-0x5/0x7", "0x1/0x0", "0x", "", "1", "a0"])
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


@given(st.data())
def test_junk_anywhere_fails_or_leaves_a_true_certificate(data):
    certificate = data_of()
    del certificate["sha256"]  # made anew below
    here, path = certificate, []
    while True:
        keys = list(here) if isinstance(here, dict) else range(len(here))
        key = data.draw(st.sampled_from(list(keys)))
        path.append(key)
        inner = here[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
            break
        here = inner
    here[key] = data.draw(JUNK)
    found = verified(certificate)
    if found.ok:
        check_truth(certificate)
    else:
        assert found.failed[0][0] in {"format", *CLAIMS}


@given(st.data())
def test_another_integer_anywhere_fails_or_leaves_a_true_certificate(data):
    certificate = data_of()
    del certificate["sha256"]
    kind = data.draw(st.sampled_from(["game", "products", "balls", "supports", "ties"]))
    places = list(integers_in(certificate[kind]))
    holder, key = places[data.draw(st.integers(0, len(places) - 1))]
    holder[key] += data.draw(st.sampled_from([1, -1, 2, 64, -64, 2**40]))
    if verified(certificate).ok:
        check_truth(certificate)


def integers_in(value):
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        if type(value[key]) is int:
            yield value, key
        elif isinstance(value[key], dict | list):
            yield from integers_in(value[key])


def bare(shape, payoffs):
    """A certificate of a game, with nothing else in it."""
    data = data_of()
    data["game"] = {
        "title": "",
        "players": [f"player {i}" for i in range(len(shape))],
        "actions": [[f"action {a}" for a in range(m)] for m in shape],
        "payoffs": np.asarray(payoffs).tolist(),
    }
    return {**data, "supports": [], "ties": [], "balls": [], "products": []}


@pytest.mark.parametrize("shape", [(12, 12, 12), (1, 1, 40), (2,) * 12])
def test_countless_supports_are_refused_at_once(shape):
    """They are not enumerated before one is found missing: there are 2^36 and 2^40."""
    found = verified(bare(shape, np.zeros((len(shape), *shape), dtype=int)))
    assert [name for name, _ in found.failed] == [SUPPORTS]


def test_countless_sets_that_dominance_excludes_are_refused(monkeypatch):
    """Player 0's first action is dominated unless player 1 plays his last one."""
    monkeypatch.setattr(supports, "_MOST_TRIED", 10_000)
    payoffs = np.zeros((2, 2, 40), dtype=int)
    payoffs[0, 1, :-1] = 1
    found = verified(bare((2, 40), payoffs))
    assert found.failed == ((SUPPORTS, "conditional dominance takes too long"),)


def test_countless_vertex_profiles_are_refused():
    n = 6
    data = bare((2,) * n, np.zeros((n, *(2,) * n), dtype=int))
    ways = itertools.product([[0], [1], [0, 1]], repeat=n)
    data["ties"] = [{"actions": list(way), "pieces": []} for way in ways if max(map(len, way)) > 1]
    vertices = [
        [encode_fraction(Fraction(k, 64)), encode_fraction(1 - Fraction(k, 64))] for k in range(65)
    ]
    data["products"] = [[vertices] * n]
    found = verified(data)
    assert found.failed == ((PRODUCTS, "they have more than 1,000,000 vertex profiles"),)
    data["products"] = [[[vertices[0], vertices[-1]]] * n]
    assert verified(data).ok


def test_regions_bisected_without_end_are_refused():
    """Each is kept in numbers as long as the file: 280 KB took 4.5 GB."""
    data = data_of()
    steps_of(data)[:] = [[BISECTED, 0, 0, 1]] * 20_000
    found = verified(data)
    assert found.failed[0][0] == REGIONS
    assert found.failed[0][1].endswith("regions are bisected too often")


def test_payoffs_of_a_huge_common_denominator_are_refused(monkeypatch):
    """Each is written in a few digits, and would be kept in as many as all have together."""
    monkeypatch.setattr(supports, "_MOST_BITS", 1 << 20)
    shape = (6, 6, 6)
    table = [encode_fraction(Fraction(1, 10**40 + 2 * k + 1)) for k in range(6**3)]
    data = bare(shape, [np.array(table, dtype=object).reshape(shape)] * 3)
    found = verified(data)
    assert found.failed == ((GAME_, "the payoffs have too large a common denominator"),)


def test_countless_faces_are_refused(monkeypatch):
    """Zero off a diagonal: 2^m products of faces."""
    monkeypatch.setattr(tied_supports, "_MOST", 1_000)
    m = 14
    payoffs = np.zeros((3, m, m, 2), dtype=int)
    payoffs[2, range(m), range(m), 1] = 1
    tables = [table.ravel().tolist() for table in payoffs]
    with pytest.raises(Failure, match="too many faces"):
        decompose(tables, (m, m, 2), [tuple(range(m)), tuple(range(m)), (0, 1)])


def test_a_polytope_of_too_many_vertices_is_refused(monkeypatch):
    monkeypatch.setattr(tied_supports, "_MOST_VERTICES", 20)
    table = np.random.default_rng(0).integers(-999, 1000, (8, 8)).ravel().tolist()
    with pytest.raises(Failure, match="too many vertices"):
        decompose([[0] * 64, table], (8, 8), [tuple(range(8)), (0,)])


def test_there_is_none_if_ties_fall_into_too_many_cases(monkeypatch):
    result = bg.nash_equilibria(GAME)
    monkeypatch.setattr(tied_supports, "_MOST", 0)
    assert result.complete
    assert result.certificate is None


def test_parts_of_the_text_are_no_certificate():
    for end in range(0, len(TEXT), 97):
        assert not verify_text(TEXT[:end]).ok
    for place in range(0, len(TEXT), 41):
        other = "7" if TEXT[place] != "7" else "6"
        assert not verify_text(TEXT[:place] + other + TEXT[place + 1 :]).ok
