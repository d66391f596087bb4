"""Certificates with pieces whose conditions curve: true ones hold, untrue ones are refused."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.certificates.certificate import Certificate, encode_fraction
from balancegame.certificates.reading import read_fraction
from balancegame.certificates.verification import verify_text
from tests.many_players import tied_game, volunteers_with_a_third_action

REGIONS = "regions: each excluded or proven to hold one solution"
TIES = "ties: solved anew in rationals; all their equilibria lie in products or balls"
PRODUCTS = "products: every profile in them is an equilibrium"
BALLS = "balls: there is one equilibrium of its support in each"


def game_of_ties(shape, seed, most=3):
    payoffs = np.random.default_rng(seed).integers(0, most + 1, (len(shape), *shape))
    return bg.NormalFormGame(payoffs)


# One curved piece with an irrational equilibrium of all four, and a solution that is pure.
GAME = game_of_ties((2, 2, 2, 2), 14)


@pytest.fixture(scope="module")
def text():
    return bg.nash_equilibria(GAME).certificate.to_json()


@pytest.fixture
def data(text):
    return json.loads(text)


def verified(data):
    data.pop("sha256", None)
    return verify_text(Certificate(data).to_json())


def piece_of(data):
    (piece,) = (piece for tie in data["ties"] for piece in tie["pieces"])
    return piece


def settled(data, kind):
    """The step that settles the solution given exactly (list), or by a ball (int)."""
    return next(s for s in piece_of(data)["steps"] if s[0] == 4 and type(s[6]) is kind)


def test_both_kinds_of_solutions_are_there(data):
    assert len(piece_of(data)["balls"]) == 1
    assert settled(data, list)[6] == [[1, 0], [0, 1], [1, 0], [1, 0]]
    assert verified(data).ok


@pytest.mark.parametrize(
    ("shape", "most", "seeds"),
    [
        ((2, 2, 2), 2, (133, 151, 221, 371, 466)),
        ((3, 2, 2), 2, (18, 52, 73, 107)),
        ((3, 2, 2), 3, (20,)),
        ((3, 3, 2), 4, (0, 5, 37)),
        ((3, 3, 3), 2, (1, 3, 5, 19)),
        ((2, 2, 2, 2), 3, (13, 46)),
    ],
)
def test_complete_lists_with_curved_pieces_have_one(shape, most, seeds):
    for seed in seeds:
        result = bg.nash_equilibria(game_of_ties(shape, seed, most))
        certificate = result.certificate
        assert any(tie["pieces"] for tie in certificate.data["ties"])
        found = bg.verify(certificate)
        assert found.ok, str(found)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("shape", "count"), [((2, 2, 2), 500), ((3, 2, 2), 300), ((3, 3, 2), 60), ((2, 2, 2, 2), 60)]
)
def test_all_complete_lists_of_games_with_ties_have_one(shape, count):
    n_complete = 0
    for seed in range(count):
        result = bg.nash_equilibria(tied_game(shape, seed))
        if result.complete:
            n_complete += 1
            found = bg.verify(result)
            assert found.ok, (seed, str(found))
    assert n_complete > count // 2


# -- untrue ones ----------------------------------------------------------------------------------


def drop_piece(data):
    for tie in data["ties"]:
        tie["pieces"] = []


def a_piece_too_many(data):
    for tie in data["ties"]:
        if tie["pieces"]:
            tie["pieces"].append(tie["pieces"][0])


def a_piece_of_another_support(data):
    own = next(tie for tie in data["ties"] if tie["pieces"])
    other = next(tie for tie in data["ties"] if not tie["pieces"])
    own["pieces"], other["pieces"] = other["pieces"], own["pieces"]


def drop_first_step(data):
    piece_of(data)["steps"].pop(0)


def drop_last_step(data):
    piece_of(data)["steps"].pop()


def another_scale(data):
    piece_of(data)["scales"][0] += 3


def no_scales(data):
    piece_of(data)["scales"] = []


def exact_as_no_equilibrium(data):
    settled(data, list)[6] = -1


def exact_elsewhere(data):
    settled(data, list)[6] = [[1, 0], [0, 1], [1, 0], [0, 1]]


def exact_near(data):
    near = [encode_fraction(Fraction(1023, 1024)), encode_fraction(Fraction(1, 1024))]
    settled(data, list)[6][0] = near


def exact_without_sum_1(data):
    settled(data, list)[6][0] = [1, 1]


def exact_for_fewer_players(data):
    settled(data, list)[6].pop()


def ball_as_exact(data):
    settled(data, int)[6] = settled(data, list)[6]


def ball_as_no_equilibrium(data):
    settled(data, int)[6] = -1


def ball_that_is_not(data):
    settled(data, int)[6] = 1


def ball_of_another_support(data):
    own = piece_of(data)["balls"][0]
    own["ball"] = 1 - own["ball"]


def no_such_ball(data):
    piece_of(data)["balls"][0]["ball"] = 2


def drop_local_ball(data):
    piece_of(data)["balls"] = []


def a_local_ball_too_many(data):
    piece_of(data)["balls"] *= 2


def no_radius(data):
    piece_of(data)["balls"][0]["radius"] = 0


def wide_radius(data):
    piece_of(data)["balls"][0]["radius"] = encode_fraction(Fraction(1, 4))


def move_local_ball(data):
    shares = piece_of(data)["balls"][0]["shares"]
    shares[0] = shares[0][::-1]


def move_listed_ball(data):
    profile = data["balls"][piece_of(data)["balls"][0]["ball"]]["profile"]
    profile[0] = profile[0][::-1]


def shrink_listed_ball(data):
    data["balls"][piece_of(data)["balls"][0]["ball"]]["radius"] = 0


def listed_ball_off_centre(data):
    data["balls"][piece_of(data)["balls"][0]["ball"]]["profile"][0] = [0, 1]


def listed_ball_with_room_for_others(data):
    """So wide that it reaches beyond its support."""
    data["balls"][piece_of(data)["balls"][0]["ball"]]["radius"] = 1


@pytest.mark.parametrize(
    "alter",
    [
        drop_piece,
        a_piece_too_many,
        a_piece_of_another_support,
        drop_first_step,
        drop_last_step,
        another_scale,
        no_scales,
        exact_as_no_equilibrium,
        exact_elsewhere,
        exact_near,
        exact_without_sum_1,
        exact_for_fewer_players,
        ball_as_exact,
        ball_as_no_equilibrium,
        ball_that_is_not,
        ball_of_another_support,
        no_such_ball,
        drop_local_ball,
        a_local_ball_too_many,
        no_radius,
        wide_radius,
        move_local_ball,
        move_listed_ball,
        shrink_listed_ball,
        listed_ball_off_centre,
        listed_ball_with_room_for_others,
    ],
)
def test_what_is_untrue_of_a_piece_is_refused(data, alter):
    before = json.dumps(data)
    alter(data)
    assert json.dumps(data) != before
    found = verified(data)
    assert [name for name, _ in found.failed] == [TIES], str(found)


def test_a_point_that_was_found_in_a_piece_has_to_be_listed(data):
    for place in range(len(data["products"])):
        altered = json.loads(json.dumps(data))
        del altered["products"][place]
        assert verified(altered).failed


def test_every_step_but_cuts_is_needed(data):
    """Some cut may go: what it cut off may be excluded by a later step as well."""
    for place, step in enumerate(piece_of(data)["steps"]):
        if step[0] == 2:
            continue
        altered = json.loads(json.dumps(data))
        del piece_of(altered)["steps"][place]
        assert verified(altered).failed[0][0] == TIES, place


@given(st.data())
def test_another_integer_in_a_piece_fails_or_leaves_a_true_certificate(draw):
    certificate = json.loads(TEXT.get())
    places = list(integers_in(piece_of(certificate)))
    holder, key = places[draw.draw(st.integers(0, len(places) - 1))]
    holder[key] += draw.draw(st.sampled_from([1, -1, 2, 64, -64, 2**40]))
    if verified(certificate).ok:
        (ball,) = piece_of(certificate)["balls"]
        listed = certificate["balls"][ball["ball"]]
        centre = [float(read_fraction(x)) for part in listed["profile"] for x in part]
        assert any(
            np.abs(np.concatenate(entry.profile) - centre).max() < 1e-9 for entry in LIST.get()
        )


# -- algebraic solutions --------------------------------------------------------------------------


@pytest.mark.parametrize("bonus", [0, Fraction(1, 10**10), Fraction(-1, 10**10)])
def test_a_tie_at_an_irrational_equilibrium_can_be_certified(bonus):
    result = bg.nash_equilibria(volunteers_with_a_third_action(bonus))
    found = bg.verify(result)
    assert found.ok, str(found)


@pytest.fixture
def algebraic():
    return json.loads(ALGEBRAIC.get())


def points_of(data):
    """The equilibrium, and the same point in a larger support, where it is none."""
    found = [
        step[6]
        for tie in data["ties"]
        for piece in tie["pieces"]
        for step in piece["steps"]
        if step[0] == 4 and type(step[6]) is dict
    ]
    return sorted(found, key=lambda point: -point["ball"])


def test_the_point_is_given_in_its_field(algebraic):
    equilibrium, elsewhere = points_of(algebraic)
    for point in (equilibrium, elsewhere):
        c, b, a = map(read_fraction, point["polynomial"])
        assert (b * b - 4 * a * c) in {2 * k * k for k in map(Fraction, range(1, 99))}
    assert equilibrium["ball"] >= 0
    assert elsewhere["ball"] == -1


def another_polynomial(point):
    point["polynomial"][0] = encode_fraction(read_fraction(point["polynomial"][0]) + 1)


def no_polynomial(point):
    point["polynomial"] = [1]


def a_square(point):
    """The same root, but twice: its slope is 0 there."""
    c, b, a = map(read_fraction, point["polynomial"])
    square = [c * c, 2 * b * c, b * b + 2 * a * c, 2 * a * b, a * a]
    point["polynomial"] = list(map(encode_fraction, square))


def both_roots(point):
    point["interval"] = [-1000, 1000]


def the_other_root(point):
    _, b, a = map(read_fraction, point["polynomial"])
    low, high = map(read_fraction, point["interval"])
    point["interval"] = [encode_fraction(-b / a - high), encode_fraction(-b / a - low)]


def interval_the_wrong_way(point):
    point["interval"].reverse()


def interval_without_root(point):
    point["interval"][1] = point["interval"][0]


def other_chances(point):
    point["chances"][0].reverse()


def chances_without_sum_1(point):
    point["chances"][0][0] = [1]


def unreduced_chances(point):
    """To divide by the polynomial takes numbers as long as the coefficients are many."""
    point["chances"][0][0] = [0] * 20_000 + [1]


def rational_chances(point):
    point["chances"][0] = [["0x1/0x2"], ["0x1/0x2"]]


def no_ball(point):
    point["ball"] = -1


def a_ball_that_is_not(point):
    point["ball"] = 77


def a_ball_of_true(point):
    point["ball"] = False


def fewer_players(point):
    point["chances"].pop()


@pytest.mark.parametrize(
    "alter",
    [
        another_polynomial,
        no_polynomial,
        a_square,
        both_roots,
        the_other_root,
        interval_the_wrong_way,
        interval_without_root,
        other_chances,
        chances_without_sum_1,
        unreduced_chances,
        rational_chances,
        no_ball,
        a_ball_that_is_not,
        a_ball_of_true,
        fewer_players,
    ],
)
def test_what_is_untrue_of_an_algebraic_point_is_refused(algebraic, alter):
    before = json.dumps(algebraic)
    alter(points_of(algebraic)[0])
    assert json.dumps(algebraic) != before
    found = verified(algebraic)
    assert [name for name, _ in found.failed] == [TIES], str(found)


def test_the_ball_of_an_algebraic_point_has_to_hold_it(algebraic):
    place = points_of(algebraic)[0]["ball"]
    algebraic["balls"][place]["radius"] = encode_fraction(Fraction(1, 2**70))
    assert verified(algebraic).failed[0][0] == TIES
    del algebraic["balls"][place]
    assert verified(algebraic).failed[0][0] == TIES


class Once:
    """Computed when it is first needed, so that collecting tests compiles nothing."""

    def __init__(self, make):
        self.make, self.value = make, None

    def get(self):
        if self.value is None:
            self.value = self.make()
        return self.value


LIST = Once(lambda: bg.nash_equilibria(GAME))
TEXT = Once(lambda: LIST.get().certificate.to_json())
ALGEBRAIC = Once(
    lambda: bg.nash_equilibria(volunteers_with_a_third_action(0)).certificate.to_json()
)


def integers_in(value):
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        if type(value[key]) is int:
            yield value, key
        elif isinstance(value[key], dict | list):
            yield from integers_in(value[key])


# -- exact solutions of supports without ties -----------------------------------------------------


def test_a_regular_solution_may_be_given_exactly():
    """Three who each mix half and half: a product in the place of the ball."""
    payoffs = np.zeros((3, 2, 2, 2), dtype=int)
    for profile in np.ndindex(2, 2, 2):
        for i in range(3):
            payoffs[(i, *profile)] = profile[i] != profile[(i + 1) % 3]
    payoffs[2] = 1 - payoffs[2]
    result = bg.nash_equilibria(bg.NormalFormGame(payoffs))
    data = json.loads(result.certificate.to_json())
    all_mix = [[0, 1]] * 3
    (place,) = (k for k, ball in enumerate(data["balls"]) if ball["support"] == all_mix)
    half = ["0x1/0x2", "0x1/0x2"]
    for one in data["supports"]:
        for step in one["steps"]:
            if step[0] == 4 and step[6] == place:
                step[6] = [half] * 3
            elif step[0] == 4 and step[6] > place:
                step[6] -= 1
    del data["balls"][place]
    unlisted = verified(json.loads(json.dumps(data)))
    assert [name for name, _ in unlisted.failed] == [REGIONS], str(unlisted)
    data["products"].append([[half]] * 3)
    assert verified(data).ok
