"""Words for what is refused, and for what is rarely seen, one by one."""

from __future__ import annotations

import itertools
import runpy
import sys
from fractions import Fraction as F

import numpy as np
import pytest
import scipy.optimize
from flint import fmpz_poly

import balancegame as bg
from balancegame import _progress, errors
from balancegame.certificates.many_players import _check_apart, _check_meets_none
from balancegame.certificates.reading import Failure
from balancegame.present.console import make_console
from balancegame.present.tables import world_table
from balancegame.solvers.dominance.result import _rounded
from balancegame.solvers.many_players import support_search
from balancegame.solvers.repeated.algebraic_numbers import roots_between_0_and_1
from balancegame.solvers.repeated.discount_set import NONE, from_on, where_nonnegative
from balancegame.solvers.repeated.sustaining_discounts import _reason
from tests.many_players import integer_game

MIXED = bg.NormalFormGame.from_arrays([[4, 0], [1, 1], [0, 4]], [[2, 0], [0, 3], [1, 0]])
ROCKS = bg.NormalFormGame.from_arrays(
    [[0, -1, 1], [1, 0, -1], [-1, 1, 0]], [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]
)


class Unprintable:
    def __repr__(self):
        raise RuntimeError


class TestInput:
    def test_what_cannot_be_printed_is_named_by_its_class(self):
        with pytest.raises(errors.InvalidTypeError, match="<Unprintable> is neither a path"):
            bg.read_nfg(Unprintable())

    def test_files_beyond_the_limit_are_not_read(self, tmp_path):
        path = tmp_path / "huge.nfg"
        with path.open("wb") as file:
            file.truncate(1 << 40)
        with pytest.raises(errors.GameFormatError, match="larger than"):
            bg.read_nfg(path)

    def test_lists_of_names_begin_with_a_brace(self):
        with pytest.raises(errors.GameFormatError, match=r"expected '\{'"):
            bg.read_nfg('NFG 1 R "title" "A" "B"')

    @pytest.mark.parametrize("actions", ["ab", {"a", "b"}, 3])
    def test_names_of_actions_come_in_order(self, actions):
        with pytest.raises(errors.InvalidTypeError, match="give one sequence of names a player"):
            bg.NormalFormGame(np.zeros((2, 2, 2)), actions=actions)

    def test_a_world_is_not_yet_a_game(self, golden_world):
        with pytest.raises(errors.InvalidTypeError, match=r"model\.game\(world\)"):
            bg.nash_equilibria(golden_world)

    def test_a_threat_in_the_place_of_parallelism(self):
        with pytest.raises(errors.InvalidTypeError, match="Did you mean threat='h'"):
            bg.World(["a", "h"], [1, 2], "h")
        with pytest.raises(errors.InvalidTypeError, match=r"give a matrix, one row a state$"):
            bg.World(["a", "h"], [1, 2], "identity")

    def test_correlations_a_hair_above_one_are_one(self):
        above = np.nextafter(1.0, 2.0)
        parallelism = [[1, above, -above], [above, 1, -1], [-above, -1, 1]]
        world = bg.World(["a", "b", "c"], [1, 2, 3], parallelism)
        assert world.parallelism.tolist() == [[1, 1, -1], [1, 1, -1], [-1, -1, 1]]

    @pytest.mark.parametrize("scale", ["no", (0,), 3, (None, 1), (1, 0), (0, np.inf)])
    def test_a_scale_has_two_ends(self, scale):
        with pytest.raises(errors.InvalidPortfolioError, match="give its two ends"):
            bg.s_score([[0, 1], [1, 0]], scale=scale)

    def test_portfolios_are_real(self):
        with pytest.raises(errors.InvalidPortfolioError):
            bg.s_score(np.array([[0, 1j], [1, 0]]))

    @pytest.mark.parametrize("matrix", [[["one"]], [[1, 2], [3]], [[1j]], None])
    def test_correlations_are_real(self, matrix):
        with pytest.raises(errors.BalanceGameError):
            bg.nearest_correlation(matrix)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('title = "t"\npower = 3\n', "expected a table, found 3"),
            (
                'title = "t"\n[power]\nmeasure = "men"\nsource = "us"\n[power.values]\n',
                "expected one number a state, found none",
            ),
        ],
    )
    def test_scenarios_say_where_a_table_is_missing(self, text, message, tmp_path):
        path = tmp_path / "world.toml"
        path.write_text(text)
        with pytest.raises(errors.BalanceGameError, match=message):
            bg.load_scenario(path)


class TestIdentity:
    def test_games_are_frozen_and_equal_to_games_alone(self):
        with pytest.raises(AttributeError, match="cannot be deleted"):
            del MIXED.title
        assert MIXED != "a game"

    def test_results_are_equal_to_results_alone(self):
        one, same = bg.nash_equilibria(MIXED), bg.nash_equilibria(MIXED)
        assert one == same
        assert hash(one) == hash(same)
        assert one != "a result"


class TestWords:
    def test_rounds_of_elimination_can_be_limited(self):
        found = bg.undominated(MIXED, max_rounds=1)
        assert "at most 1 round" in repr(found)
        assert "at most 2 rounds" in repr(bg.undominated(MIXED, max_rounds=2))
        # Nothing of rock, paper, scissors is eliminated, and no table of eliminations is shown.
        assert "Eliminated" not in repr(bg.undominated(ROCKS))

    def test_rationalizable_actions_and_what_is_eliminated(self):
        found = bg.rationalizable(MIXED)
        assert [len(names) for names in found.actions] == [len(kept) for kept in found.survivors]
        frame = found.to_frame()
        left = sum(map(len, found.survivors))
        assert (frame["status"] == "eliminated").sum() == 5 - left > 0
        assert "a1" in repr(found)
        assert repr(found).count("\n") > repr(bg.rationalizable(ROCKS)).count("\n") - 3
        assert found._repr_html_().count("<table") == 2
        assert bg.rationalizable(ROCKS)._repr_html_().count("<table") == 1

    def test_margins_beyond_floats_are_the_largest_float(self):
        largest = np.finfo(float).max
        assert _rounded(F(10) ** 400) == largest
        assert _rounded(-(F(10) ** 400)) == -largest
        assert _rounded(F(1, 2)) == 0.5

    def test_a_world_without_a_threat_has_a_table(self, capsys):
        world = bg.World(["a", "b"], [1, 2])
        console = make_console()
        console.print(world_table(console, world))
        shown = capsys.readouterr().out
        assert "Interests" not in shown
        assert "66.7%" in shown

    def test_a_closed_stream_takes_no_output(self, monkeypatch):
        monkeypatch.setattr(sys, "stdout", None)
        make_console().print("nobody reads this")

    def test_a_broken_pipe_is_left_to_the_command_line(self):
        with pytest.raises(BrokenPipeError):
            make_console().on_broken_pipe()

    def test_more_vertices_than_are_shown(self):
        payoffs = [[list(range(60))], [[k * k for k in range(60)]]]
        found = bg.feasible_payoffs(bg.RepeatedGame(bg.NormalFormGame(payoffs), "1/2"))
        assert len(found.vertices) == 60
        assert "48 more vertices; to_frame() lists them all" in repr(found)

    def test_the_package_runs_as_a_program(self, monkeypatch, capsys):
        monkeypatch.setattr(sys, "argv", ["balancegame", "--version"])
        monkeypatch.delitem(sys.modules, "balancegame.__main__", raising=False)
        with pytest.raises(SystemExit) as done:
            runpy.run_module("balancegame", run_name="__main__")
        assert done.value.code == 0
        assert bg.__version__ in capsys.readouterr().out


class TestDiscounts:
    def test_sets_print_and_count_their_intervals(self):
        half = from_on(F(1, 2))
        assert len(half) == 1
        assert repr(half) == "DiscountSet: [1/2, 1)"
        assert half._repr_html_() == "<p>DiscountSet: [1/2, 1)</p>"
        assert len(NONE) == 0
        assert str(NONE) == "empty"
        assert from_on(F(1)) == NONE

    def test_a_double_root_is_a_point(self):
        # -(2 x - 1)^2 is at least 0 at 1/2 alone.
        found = where_nonnegative(fmpz_poly([-1, 4, -4]))
        assert str(found) in ("{1/2}", "[1/2, 1/2]")
        assert F(1, 2) in found
        assert F(1, 3) not in found

    def test_tiny_roots_are_rounded_to_the_nearest_float(self):
        ((root, multiplicity),) = roots_between_0_and_1(fmpz_poly([-2, 0, 10**60]))
        assert multiplicity == 1
        assert float(root) == pytest.approx(2**0.5 * 1e-30, rel=1e-15)

    def test_the_reason_says_whom_nothing_deters(self):
        half = from_on(F(1, 2))
        assert _reason(NONE, {"A": half, "B": NONE}, []) == (
            "no discount factor deters all deviations of B"
        )
        assert _reason(NONE, {"A": half, "B": half}, []) == (
            "no discount factor deters everybody's deviations at once"
        )


class TestSearches:
    @pytest.mark.parametrize("call", [0, 2])
    def test_what_was_found_before_an_interruption_is_kept(self, call):
        game = integer_game((3, 3, 3), 3)
        whole = bg.nash_equilibria(game)
        calls = itertools.count()

        def stop(task, *_):
            if task == "supports" and next(calls) == call:
                raise KeyboardInterrupt

        with _progress.listening(stop), pytest.raises(errors.SearchInterrupted) as caught:
            bg.nash_equilibria(game)
        partial = caught.value.result
        assert not partial.complete
        assert "interrupted" in partial.reason
        for found in partial:
            assert any(
                np.allclose(np.concatenate(found.profile), np.concatenate(one.profile))
                for one in whole
            )

    @pytest.mark.parametrize("most", [4, 6])
    def test_a_list_that_is_cut_says_so(self, most):
        game = integer_game((2, 2, 2), 31)
        whole = bg.nash_equilibria(game)
        assert len(whole) == 7
        cut = bg.nash_equilibria(game, max_equilibria=most)
        assert len(cut) == most
        assert not cut.complete
        assert f"max_equilibria = {most}" in cut.reason
        enough = bg.nash_equilibria(game, max_equilibria=7)
        assert enough.complete
        assert enough.equilibria == whole.equilibria

    def test_room_is_made_for_more(self, monkeypatch):
        game = integer_game((2, 2, 2), 31)
        whole = bg.nash_equilibria(game)
        assert any(not found.is_pure for found in whole)
        text = whole.certificate.to_json()
        monkeypatch.setattr(support_search, "_RECORD_ROOM", 2)
        monkeypatch.setattr(support_search, "_FIRST_ROOM", 1)
        again = bg.nash_equilibria(game)
        assert again == whole
        assert again.certificate.to_json() == text

    def test_exact_answers_do_not_hang_on_linear_programs_in_floats(self, monkeypatch):
        rng = np.random.default_rng(2)
        A = rng.integers(-9, 10, (30, 28))
        game = bg.NormalFormGame([A, -A])
        by_floats = bg.zero_sum_equilibria(game)
        value = by_floats[0].exact_payoffs

        class Failed:
            status = 4

        asked = []
        monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: asked.append(1) or Failed)
        alone = bg.zero_sum_equilibria(game)
        assert asked
        assert alone[0].exact_payoffs == value
        assert [one.exact for one in alone] == [one.exact for one in by_floats]


class TestBalls:
    BALL = (((0, 1), (0, 1)), [[F(1, 2), F(1, 2)]] * 2, F(1, 8))

    def test_balls_of_a_support_have_no_point_in_common(self):
        far = (self.BALL[0], [[F(1), F(0)]] * 2, F(1, 8))
        _check_apart([self.BALL, far])
        with pytest.raises(Failure, match="overlap"):
            _check_apart([self.BALL, (far[0], far[1], F(3, 8))])

    def test_balls_lie_apart_from_products(self):
        one, zero = F(1), F(0)
        near = [[[one, zero], [F(1, 4), F(3, 4)]], [[one, zero], [zero, one]]]
        far = [[[one, zero]], [[one, zero], [zero, one]]]
        _check_meets_none(self.BALL, [far], "ball 0")
        with pytest.raises(Failure, match="ball 0 may have a point in common"):
            _check_meets_none(self.BALL, [far, near], "ball 0")
