"""Critical discount factors over a parameter: tables and figures."""

from __future__ import annotations

import sys
from fractions import Fraction

import numpy as np
import pytest

import balancegame as bg


def allies(n):
    return lambda a: (bg.ally_game(n, 2, 1, a), ["help"] * n)


@pytest.mark.parametrize(
    ("n", "expected"),
    [(2, ["7/11", "1/2", "1/3", "1/8"]), (5, ["7/8", "1/2", "1/4", "1/14"])],
)
def test_the_ally_game_of_proposition_9(n, expected):
    table = bg.critical_discounts(allies(n), ["-1/5", "0", "1/5", "2/5"], parameter="parallelism")
    assert list(table["exact"]) == expected
    assert list(table["critical_discount"]) == [float(Fraction(one)) for one in expected]
    assert table["attained"].all()
    assert "parallelism" in table.columns


def test_where_no_discount_factor_will_do():
    """Help that costs more than it brings is sustained by no patience."""
    table = bg.critical_discounts(
        lambda cost: (bg.ally_game(2, 2, cost, 0), ["help", "help"]), [1, 2, 3], parameter="cost"
    )
    assert list(np.isnan(table["critical_discount"])) == [False, True, True]
    assert table["exact"][2] == ""
    assert table["reason"][2]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([2, 3, 5], ["2/11", "3/11", "5/11"]),
        pytest.param([8, 10, 11], ["8/11", "10/11", ""], marks=pytest.mark.thorough),
    ],
)
def test_collective_security_of_proposition_10(sizes, expected):
    table = bg.critical_discounts(
        lambda n: bg.collective_security(attack=[Fraction(1, n)] * n, loss=10, cost=1),
        sizes,
        parameter="states",
    )
    assert list(table["exact"]) == expected


def test_transfers_ask_for_no_more_patience():
    alone = bg.critical_discounts(allies(3), ["0", "1/5"])
    pooled = bg.critical_discounts(allies(3), ["0", "1/5"], transfers=True)
    assert (pooled["critical_discount"] <= alone["critical_discount"]).all()


class TestFigure:
    plt = pytest.importorskip("matplotlib.pyplot")

    @pytest.fixture(autouse=True)
    def _closed(self):
        yield
        self.plt.close("all")

    def test_a_line_a_table_with_its_name(self):
        tables = {
            f"{n} allies": bg.critical_discounts(
                allies(n), ["-1/5", "0", "1/5"], parameter="parallelism"
            )
            for n in (2, 5)
        }
        axes = bg.plot_critical_discounts(tables, title="Cohesion")
        curves = [line for line in axes.get_lines() if len(line.get_xdata()) == 3]
        assert [list(line.get_ydata()) for line in curves] == [
            list(table["critical_discount"]) for table in tables.values()
        ]
        assert [text.get_text() for text in axes.get_legend().get_texts()] == list(tables)
        assert axes.get_xlabel() == "parallelism"
        assert axes.get_title(loc="left") == "Cohesion"

    def test_it_draws_into_given_axes(self):
        _, axes = self.plt.subplots()
        table = bg.critical_discounts(allies(2), [0, 0.1])
        assert bg.plot_critical_discounts(table, axes=axes) is axes


def test_without_matplotlib_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    table = bg.critical_discounts(allies(2), [0])
    with pytest.raises(bg.errors.MissingDependencyError, match=r"balancegame\[plot\]"):
        bg.plot_critical_discounts(table)


def test_an_empty_sweep_has_its_columns_and_can_be_drawn():
    table = bg.critical_discounts(allies(2), [], parameter="a")
    assert list(table.columns)[:2] == ["a", "critical_discount"]
    assert len(table) == 0


@pytest.mark.parametrize(
    ("build", "values"), [("x", [1]), (None, [1]), (allies(2), 0.5), (allies(2), "123")]
)
def test_tables_of_what_cannot_be_built_are_refused(build, values):
    with pytest.raises(bg.errors.InvalidTypeError, match=r"build|values"):
        bg.critical_discounts(build, values)


def test_figures_of_what_is_no_table_are_refused():
    pytest.importorskip("matplotlib")
    table = bg.critical_discounts(allies(2), [0])
    for tables, error in (
        ("x", bg.errors.InvalidTypeError),
        ({"a": 3}, bg.errors.InvalidTypeError),
        (table.drop(columns="critical_discount"), bg.errors.InvalidShapeError),
        (table.assign(parameter="many"), bg.errors.InvalidNumberError),
    ):
        with pytest.raises(error):
            bg.plot_critical_discounts(tables)
    with pytest.raises(bg.errors.InvalidTypeError, match="Axes"):
        bg.plot_critical_discounts(table, axes="x")


def test_what_the_users_function_raises_is_told_with_the_value():
    with pytest.raises(bg.errors.MeasureError, match=r"^at loss=0: build raised ZeroDivisionError"):
        bg.critical_discounts(lambda x: 1 / x, [0], parameter="loss")
