"""What is printed fits 80 columns, and loses nothing."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.games.narrow_text import captioned_table, in_blocks, wrapped
from balancegame.games.rendering import text_table
from tests.automata import dilemma

WORDS = st.text(st.sampled_from("abc-,;"), min_size=1, max_size=9)
CELLS = st.lists(WORDS, max_size=12).map(" ".join)
POWERS = ["United Kingdom", "France", "Soviet Union", "Czechoslovakia", "Poland"]


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=4), CELLS)
def test_every_word_of_a_table_is_there_and_fits(rows, caption):
    shown = captioned_table(caption, rows)
    assert all(len(line) <= 80 for line in shown.splitlines())
    words = sorted(word for cell in [caption, *itertools.chain(*rows)] for word in cell.split())
    assert sorted(shown.split()) == words


def test_a_table_that_fits_is_left_alone():
    rows = [["state", "plays"], ["agreed", "help, help, and so on"]]
    assert captioned_table("Caption", rows) == f"Caption\n{text_table(rows, indent='  ')}"


def test_lists_are_broken_between_their_items():
    rows = [["case", "obliged"], ["war", ", ".join(f"ally {k}: help" for k in range(9))]]
    lines = captioned_table("Pact", rows).splitlines()[2:]
    assert len(lines) == 2
    assert lines[0].endswith("help,")
    assert lines[1].lstrip().startswith("ally")


FACTORS = st.lists(
    st.sampled_from(["autonomy_loss", "balancing_spoils**2", "(r - 1)", "power_ratio**12", "3"]),
    min_size=1,
    max_size=14,
)
PRODUCTS = st.lists(FACTORS.map("*".join), min_size=1, max_size=4).map("/(1)/".join)


@given(st.lists(st.lists(PRODUCTS, min_size=3, max_size=3), min_size=1, max_size=4), PRODUCTS)
def test_products_too_long_for_a_line_are_broken_between_factors(rows, caption):
    shown = captioned_table(caption, rows)
    assert all(len(line) <= 80 for line in shown.splitlines())
    cells = "".join([caption, *itertools.chain(*rows)])
    assert sorted("".join(shown.split())) == sorted(cells.replace(" ", ""))
    assert not any(word.startswith("*") for word in shown.split())
    line = wrapped(caption)
    assert all(len(one) <= 80 for one in line.splitlines())
    assert "".join(line.split()) == "".join(caption.split())
    assert not any(one.endswith("**") for one in line.splitlines())


def test_words_longer_than_a_line_are_kept_whole():
    assert wrapped("/data/" * 20) == "/data/" * 20
    assert wrapped("x" * 90) == "x" * 90
    assert "y" * 90 in captioned_table("Caption", [["a b", "y" * 90]])


PACT = bg.collective_security(["1/7"] * 5, 10, 1, names=POWERS)


@pytest.mark.parametrize(
    "shown",
    [
        bg.critical_discount(bg.ally_game(2, 2, 1, 0), ["help", "help"]),
        bg.critical_discount(bg.ally_game(2, 2, 1, 0), ["help", "withhold"]),
        bg.tit_for_tat(dilemma(names=["United Kingdom", "Soviet Union"])),
        PACT,
        PACT.automaton,
        PACT.critical_discount(),
        PACT.incentives("1/2"),
        bg.sustaining_discounts(PACT.automaton),
        bg.RepeatedGame(PACT.contingencies, "1/2"),
    ],
)
def test_results_about_repeated_games_fit_a_terminal(shown):
    assert max(map(len, repr(shown).splitlines())) <= 80


@given(st.lists(st.lists(WORDS, min_size=30, max_size=30), min_size=1, max_size=3))
def test_blocks_of_columns_hold_every_column_once(rows):
    rows = [[f"[{k}]", *row] for k, row in enumerate(rows)]
    blocks = [block.splitlines() for block in in_blocks(rows)]
    assert all(len(line) <= 80 for block in blocks for line in block)
    for k, row in enumerate(rows):
        shown = [block[k].split() for block in blocks]
        assert all(cells[0] == row[0] for cells in shown)
        assert [cell for cells in shown for cell in cells[1:]] == row[1:]
