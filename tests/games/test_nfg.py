"""Strategic-form files: read and written, against pygambit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import GameFormatError
from balancegame.testing import normal_form_games
from tests.oracles import gambit

FRACTIONS = st.fractions(-5, 5, max_denominator=12)


@given(normal_form_games(payoffs=FRACTIONS))
def test_what_pygambit_writes_we_read(game):
    again = bg.read_nfg(gambit.written(game))
    assert (again.exact_payoffs == game.exact_payoffs).all()


@given(normal_form_games(payoffs=FRACTIONS))
def test_what_we_write_pygambit_reads(game):
    arrays = gambit.read_payoffs(game.to_nfg())
    for read, given_ in zip(arrays, game.exact_payoffs, strict=True):
        assert (read == given_).all()


@given(normal_form_games(payoffs=st.one_of(FRACTIONS, st.floats(-1e300, 1e300))))
def test_writing_and_reading_back_loses_nothing(game):
    again = bg.read_nfg(game.to_nfg())
    assert (again.payoffs == game.payoffs).all()
    assert (again.players, again.actions) == (game.players, game.actions)
    if game.has_rounded_payoffs:
        assert (again.exact_payoffs == game.exact_payoffs).all()


LABELS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip)


@given(st.lists(LABELS, min_size=2, max_size=3, unique=True))
def test_names_with_quotes_and_backslashes_survive(names):
    game = bg.NormalFormGame(
        np.zeros((1, len(names))), [names[0]], [names], title=" ".join(names[-1].split())
    )
    again = bg.read_nfg(game.to_nfg())
    assert again == game
    assert again.title == game.title


def test_the_first_players_action_varies_fastest():
    game = bg.read_nfg('NFG 1 R "" {"A" "B"} {2 3} 1 0 2 0 3 0 4 0 5 0 6 0')
    assert game.payoffs[0].tolist() == [[1, 3, 5], [2, 4, 6]]


def test_outcome_zero_pays_nothing():
    text = """NFG 1 R "outcomes" { "A" "B" }
    { { "x" "y" } { "u" "v" } } "a comment"
    { { "win" 1, 1/3 } { "lose" -1, 0.25 } }
    1 0 2 1"""
    game = bg.read_nfg(text)
    assert game.title == "outcomes"
    assert game.exact_payoffs[1].tolist() == [[Fraction(1, 3), Fraction(1, 4)], [0, Fraction(1, 3)]]


def test_a_file_is_read_from_its_path(tmp_path):
    path = tmp_path / "game.nfg"
    path.write_text(bg.NormalFormGame([[1, 2]]).to_nfg(), encoding="utf-8")
    assert bg.read_nfg(path) == bg.read_nfg(str(path)) == bg.NormalFormGame([[1, 2]])


HEAD = 'NFG 1 R "" { "A" "B" }\n{ 2 2 }\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NFG 2 R", "line 1: the file must begin with"),
        ("NFG 1 Q", "expected R or D"),
        ('NFG 1 R "t" { "A" "B }', "not closed"),
        ('NFG 1 R "t" { A }', "a player name in quotes, found 'A'"),
        ('NFG 1 R "t" { "A" "B" } { 2 }', "given for 1 player, expected 2"),
        ('NFG 1 R "t" { "A" "B" } { 2 x }', "expected a number of actions"),
        ('NFG 1 R "t" { "A" "B" } { 2 0 }', "no actions"),
        ('NFG 1 R "t" { "A" "A" } { 1 1 } 0 0', "repeats 'A'"),
        (HEAD + "1 2 3 4 5 6 7", "line 3: the file ends before all payoffs"),
        (HEAD + "1 2 3 4 5 6 7 8\nx\n", "line 4: expected the end of the file"),
        ('NFG 1 R "t" { } { }', "at least one player"),
        (HEAD + "1 2 3 4 5 6 7 8 9", "line 3: expected the end of the file after 4 profiles"),
        (HEAD + "1 2 3 4\n5 six 7 8", "line 4: the payoff is 'six'"),
        (HEAD + "1 2 3 nan 5 6 7 8", "'nan', which is not a finite number"),
        (HEAD + '{ { "o" 1 2 } }\n1 1 1 2', "line 4: outcome 2 is used, but 1 are defined"),
        (HEAD + '{ { "o" 1 2 3 } } 1 1 1 1', "expected '}'"),
        ('NFG 1 R "t" { "A" "B" } { 999999999 999999999 } 1', "payoff table has about"),
        ('NFG 1 R "t" { "A" } { 9999999 } 1', "too short for the 9,999,999 profiles"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text, words):
    with pytest.raises(GameFormatError, match=words):
        bg.read_nfg(text)


def test_a_missing_or_binary_file_is_refused(tmp_path):
    with pytest.raises(GameFormatError, match="No such file"):
        bg.read_nfg(tmp_path / "none.nfg")
    (tmp_path / "binary.nfg").write_bytes(b"NFG\xff\xfe")
    with pytest.raises(GameFormatError, match="codec"):
        bg.read_nfg(tmp_path / "binary.nfg")
