"""What the checkers refuse beyond altered numbers: nonsense of each kind, named by its claim."""

from __future__ import annotations

import copy
import json
import runpy
import sys
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg
from balancegame.certificates.algebraic_points import Field
from balancegame.certificates.automata import Situation
from balancegame.certificates.certificate import Certificate
from balancegame.certificates.reading import Failure
from balancegame.certificates.regions import _inverse
from balancegame.certificates.two_player import _check_equilibrium, _check_pairs
from balancegame.certificates.verification import verify_text

DILEMMA = bg.NormalFormGame.from_arrays([[2, 0], [3, 1]], [[2, 3], [0, 1]])
PENNIES = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
THREE = bg.NormalFormGame(np.arange(24).reshape(3, 2, 2, 2) % 5)


def data_of(result):
    return json.loads(result.certificate.to_json())


def first_failure(data):
    data = copy.deepcopy(data)
    data.pop("sha256", None)
    found = verify_text(Certificate(data).to_json())
    assert not found.ok
    claim, place = found.failed[0]
    return f"{claim.split(':')[0]}: {place}"


@pytest.fixture(scope="module")
def cooperation():
    return data_of(bg.subgame_perfect_payoffs(bg.RepeatedGame(DILEMMA, "1/2")))


@pytest.fixture(scope="module")
def nothing():
    return data_of(bg.subgame_perfect_payoffs(bg.RepeatedGame(PENNIES, "1/2")))


@pytest.fixture
def set_data(cooperation):
    return copy.deepcopy(cooperation)


def a_vertex_with_a_continuation(data):
    return next(
        source
        for vertex in data["vertices"]
        for part in vertex["mixture"]
        for source in part["support"]
    )


class TestPayoffSets:
    def test_three_players_have_no_polygon(self, set_data):
        set_data["contingencies"][0]["game"] = data_of(bg.nash_equilibria(THREE))["game"]
        assert first_failure(set_data) == "game: there are not two players"

    def test_what_never_comes_is_no_contingency(self, set_data):
        never = copy.deepcopy(set_data["contingencies"][0])
        set_data["contingencies"].append({**never, "name": "never", "probability": 0})
        assert first_failure(set_data) == "game: a probability is not positive"

    def test_vertices_that_are_not_there_are_no_continuations(self, set_data):
        source = a_vertex_with_a_continuation(set_data)
        source["continuation"][0][0] = 99
        assert first_failure(set_data).startswith("vertices: cannot be read: IndexError")

    def test_a_negative_share_of_a_continuation(self, set_data):
        source = a_vertex_with_a_continuation(set_data)
        source["continuation"] = [[0, -1], [1, 2]]
        assert "a continuation's weight is negative" in first_failure(set_data)

    def test_no_step_follows_the_empty_set(self, nothing):
        data = copy.deepcopy(nothing)
        data["steps"].append(data["steps"][-1])
        assert first_failure(data).endswith("the one before gives nothing")

    def test_nothing_cannot_shrink(self, nothing, set_data):
        shrinking = {"sides": [], "sizes": [1, 0]}
        assert first_failure({**nothing, "shrinking": shrinking}).startswith(
            "shrinking: there is no vertex"
        )
        # Nor does an empty list of vertices prove anything about a set that is not empty.
        assert first_failure({**set_data, "vertices": [], "shrinking": shrinking}).startswith(
            "shrinking: there is no vertex"
        )

    def test_a_corner_twice(self, set_data):
        set_data["outer"].append(set_data["outer"][0])
        assert first_failure(set_data) == "outer: a corner is listed twice"

    def test_a_denominator_of_zero(self, set_data):
        set_data["discount"] = "0x1/0x0"
        assert first_failure(set_data) == "game: a denominator is not positive"


# -- lists of two players -------------------------------------------------------------------------


class TestTwoPlayers:
    @pytest.fixture
    def data(self):
        coordination = bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[1, 0], [0, 2]])
        return data_of(bg.nash_equilibria(coordination))

    def test_three_players_are_too_many(self, data):
        data["game"] = data_of(bg.nash_equilibria(THREE))["game"]
        assert "there are not two players" in first_failure(data)

    def test_a_polytope_has_a_vertex(self, data):
        data["P"] = {**data["P"], "bases": [], "points": []}
        assert first_failure(data).endswith("P lists no basis")

    @pytest.mark.parametrize(
        ("listed", "message"),
        [
            ([[1, 1], [1, 1]], "an equilibrium is listed twice"),
            ([[1, 2], [2, 2]], "equilibrium 0: its vertices lack a label"),
            ([[1, 1]], "1 equilibria are listed, but there are 2"),
        ],
    )
    def test_pairs_are_those_with_all_labels(self, listed, message):
        # In either square, vertices 1 and 2 have the labels that complete each other's.
        class Side:
            dimension = 2
            origin = 0b0011

            def __init__(self, tight):
                self.tight = tight

        first, second = Side([0b0011, 0b0101, 0b1010]), Side([0b1100, 0b1010, 0b0101])
        second.origin = 0b1100
        _check_pairs(first, second, 4, [[1, 1], [2, 2]])
        with pytest.raises(Failure, match=message):
            _check_pairs(first, second, 4, listed)

    def test_the_best_action_pays_what_the_profile_does(self):
        class Side:
            def __init__(self, *strategies):
                self.strategy = strategies.__getitem__

        payoffs = [[[Fraction(x) for x in row] for row in table] for table in DILEMMA.payoffs]
        sides = [Side([1, 0], [0, 1])] * 2
        _check_equilibrium(payoffs, sides, (1, 1), {"profile": [[0, 1]] * 2, "payoffs": [1, 1]}, "")
        with pytest.raises(Failure, match="player 0 has a better action"):
            _check_equilibrium(
                payoffs, sides, (0, 0), {"profile": [[1, 0]] * 2, "payoffs": [2, 2]}, ""
            )


# -- automata -------------------------------------------------------------------------------------


class TestAutomata:
    @pytest.fixture
    def data(self):
        game = bg.ally_game(2, 2, 1, 0)
        grim = bg.Automaton(
            game, {"trust": (0, 0), "feud": (1, 1)}, {"trust": bg.Moves(deviators="feud")}
        )
        found = bg.one_shot_deviations(grim, "2/3")
        assert found.is_subgame_perfect
        return copy.deepcopy(dict(found.certificate.data))

    def test_excuses_are_made_or_not(self, data):
        data["excused"] = "perhaps"
        assert first_failure(data) == (
            "automaton: whether slips are excused is neither true nor false"
        )

    def test_two_who_can_deviate_need_a_rule_for_both_at_once(self, data):
        data["states"][0]["situations"][0]["several"] = None
        assert first_failure(data) == (
            "automaton: nothing is said about what follows several deviators"
        )

    def test_a_table_must_agree_with_what_follows_one_deviator(self, data):
        situation = data["states"][0]["situations"][0]
        assert situation["alone"] == [[0, 1], [0, 1]]
        situation["several"] = [[0, 1], [1, 1]]
        data.pop("sha256", None)
        assert verify_text(Certificate(data).to_json()).ok
        situation["several"] = [[0, 0], [1, 1]]
        assert first_failure(data) == ("automaton: what follows a deviation is said in two ways")

    def test_two_who_slip_at_once_are_several_deviators(self):
        situation = Situation((0, 0), 0, [(0, 1), (0, 2)], 3, [])
        states = [
            self.automaton().after(game_of_two(), situation, cell)
            for cell in ((0, 0), (1, 0), (0, 1), (1, 1))
        ]
        assert states == [0, 1, 2, 3]

    @staticmethod
    def automaton():
        from balancegame.certificates.automata import Automaton

        return Automaton(
            [game_of_two()],
            [Fraction(1)],
            [Fraction(0)] * 2,
            excused=False,
            initial=0,
            states=[],
            values=[],
        )


def game_of_two():
    from balancegame.certificates.reading import read_game

    return read_game(data_of(bg.nash_equilibria(DILEMMA))["game"])


# -- algebraic numbers ----------------------------------------------------------------------------


class TestAlgebraicNumbers:
    def root_of_two(self, low, high):
        return Field([Fraction(-2), Fraction(0), Fraction(1)], (Fraction(low), Fraction(high)))

    def test_fields_are_equal_where_number_and_interval_are(self):
        one, same, other = (self.root_of_two(*ends) for ends in ((1, 2), (1, 2), (1, "3/2")))
        assert one == same
        assert hash(one) == hash(same)
        assert one != other
        assert one != "the root of two"

    def test_signs_are_told_only_by_intervals_that_are_short_enough(self):
        less_7_5 = (Fraction(-7, 5), Fraction(1))  # 1.41... - 1.4
        with pytest.raises(Failure, match="cannot be told"):
            self.root_of_two(1, 2).sign(less_7_5)
        assert self.root_of_two("141/100", "142/100").sign(less_7_5) == 1
        assert self.root_of_two(1, 2).sign(()) == 0

    def test_powers_are_reduced_by_the_polynomial(self):
        field = self.root_of_two(1, 2)
        assert field.reduced([Fraction(x) for x in (0, 0, 0, 1)]) == (0, 2)
        assert field.reduced([Fraction(x) for x in (3, 0, 0, 0)]) == (3,)

    def test_flat_simplices_have_no_coordinates(self):
        one, two = Fraction(1), Fraction(2)
        assert _inverse([[two, one], [one, one]], "here") == [[1, -1], [-1, 2]]
        with pytest.raises(Failure, match="here: a simplex is flat"):
            _inverse([[one, two], [one, two]], "here")


def test_the_folder_runs_as_a_program(tmp_path, monkeypatch, capsys):
    path = tmp_path / "dilemma.json"
    bg.nash_equilibria(DILEMMA).certificate.save(path)
    monkeypatch.setattr(sys, "argv", ["certificates", str(path)])
    monkeypatch.delitem(sys.modules, "balancegame.certificates.__main__", raising=False)
    with pytest.raises(SystemExit) as done:
        runpy.run_module("balancegame.certificates", run_name="__main__")
    assert done.value.code == 0
    assert "holds" in capsys.readouterr().out.lower()
    path.write_text(path.read_text().replace("1", "2", 1))
    with pytest.raises(SystemExit) as done:
        runpy.run_module("balancegame.certificates", run_name="__main__")
    assert done.value.code == 1
