"""LaTeX tables: what they hold, and that no text breaks out of its cell."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import balancegame as bg
from balancegame import errors
from balancegame.games.latex import latex_table

ACTIONS = [f"a rather long action {k}" for k in range(12)]


def body(text):
    """The cells between the rules, row by row."""
    inside = text.split(r"\toprule")[1].split(r"\bottomrule")[0].replace(r"\midrule", "")
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)&", row)]
        for row in re.split(r"(?:\\\\|\\tabularnewline)\n", inside)
        if row.strip()
    ]


def test_a_bimatrix():
    game = bg.NormalFormGame.from_arrays(
        [[2, "1/3"], [0, 1]], [[-1, 0.5], [0, 1e-9]], players=["A & B", "C"], actions=["x_1", "y"]
    )
    assert body(game.to_latex()) == [
        [r"A \& B, C", r"x\_1", "y"],
        [r"x\_1", "2, $-1$", r"$\frac{1}{3}$, $\frac{1}{2}$"],
        ["y", "0, 0", r"1, $1\times 10^{-9}$"],
    ]
    assert r"\caption{Payoffs}" in game.to_latex()
    assert r"\label{tab:one}" in game.to_latex(label="tab:one", caption="100 %")


def test_three_players_one_row_a_profile():
    game = bg.NormalFormGame(np.arange(24).reshape(3, 2, 2, 2))
    rows = body(game.to_latex())
    assert len(rows) == 9
    assert rows[0][-1] == "payoffs"
    assert rows[3] == ["a0", "a1", "a0", "2, 10, 18"]
    with pytest.raises(errors.TableTooLargeError, match="1,000"):
        bg.NormalFormGame(np.zeros((3, 11, 10, 10))).to_latex()


def test_equilibria_lie_the_narrower_way():
    game = bg.NormalFormGame.from_arrays([[4, 1], [3, 3]], [[4, 3], [1, 3]], title="hunt")
    result = bg.nash_equilibria(game)
    rows = body(result.to_latex())
    assert len(rows) == len(result) + 1 == 4
    assert rows[3][0] == "{}[2]"
    assert rows[3][1] == r"$\frac{2}{3}$ a0 + $\frac{1}{3}$ a1 (3)"
    assert r"3 Nash equilibria of hunt" in result.to_latex()
    assert len(body(bg.pure_nash(game).to_latex())) == 4  # a heading, two players, the margin
    none = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert "no equilibrium" in bg.pure_nash(none).to_latex(caption="none")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_no_text_breaks_out(text):
    table = latex_table([["", "b"], [text, "2"]], caption=text, label=text)
    lines = table.splitlines()
    row = next(line for line in lines[lines.index(r"    \midrule") + 1 :])
    plain = re.sub(
        r"\\(textbackslash|textasciitilde|textasciicircum|textless|textgreater|textbar)\{\}",
        "",
        row,
    )
    if text[0] in "[*":
        assert plain.startswith("    {}")
        plain = plain.replace("{}", "", 1)
    plain = re.sub(r"\\[&%$#_{}]", "", plain)
    plain = re.sub(r"\$-?\d[\d.]*\$|\$-?\\frac\{\d+\}\{\d+\}\$", "", plain)
    plain = re.sub(r"\$-?[\d.]+\\times 10\^\{-?\d+\}\$", "", plain)
    assert plain.endswith(r"& 2 \\")
    assert not re.search(r"[%$#_{}^~\\&]", plain[: -len(r"& 2 \\")])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_latex_itself_sets_the_tables(tmp_path):
    names = {"players": ["A & B", "C_1"], "actions": ["[^a]~", "*h{a}re\\"]}
    hunt = bg.NormalFormGame.from_arrays(
        [[4, "1/3"], [3, -3]], [[4, 3], ["1e-9", 3]], title="50% #1 <x> | $5", **names
    )
    tables = [bg.load_scenario("golden-3"), hunt, bg.nash_equilibria(hunt), bg.selection(hunt)]
    tables += [bg.pure_nash(hunt), bg.coalition_contest({"[A]": 1, "*B": 2})]
    text = "".join(one.to_latex(label="tab:x_1") for one in tables)
    source = tmp_path / "tables.tex"
    head = r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{booktabs}"
    source.write_text(rf"{head}\begin{{document}}{text}\end{{document}}")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", source.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:]


def test_long_cells_are_broken_where_the_row_is_longer_than_a_line():
    states = ", ".join(f"State {k}" for k in range(12))
    rows = [["", "energy", "camps", "why"], ["[0]", "1", states, "because it is so, " * 4]]
    text = latex_table(rows, caption="x", label=None)
    assert r"\begin{tabular}{llp{0.40\linewidth}p{0.39\linewidth}}" in text
    assert rf"1 & \raggedright {states} & \raggedright because" in text
    assert r"\footnotesize" in text
    rows[1][3] = "because it is so, so"
    assert r"\begin{tabular}{llp{0.55\linewidth}l}" in latex_table(rows, caption="x", label=None)
    rows[1][2] = states[:40]
    assert r"\begin{tabular}{llll}" in latex_table(rows, caption="x", label=None)


def test_what_is_left_out_is_said_below():
    payoffs = [[list(range(60))], [[k * k for k in range(60)]]]
    found = bg.feasible_payoffs(bg.RepeatedGame(bg.NormalFormGame(payoffs), "1/2"))
    text = found.to_latex()
    assert r"{\footnotesize ... and 48 more vertices; to\_frame() lists them all\par}" in text
    assert body(text)[0][:3] == ["", "[0]", "[1]"]
    game = bg.NormalFormGame.from_arrays([[1] * 12], [[1] * 12], actions=[["stay"], [*ACTIONS]])
    outcomes = bg.sequential_outcomes(game).to_latex()
    assert body(outcomes)[0] == ["", "player 0", "player 1"]  # turned, as it is too wide
    assert len(body(outcomes)) == len(ACTIONS) + 1
    game = bg.NormalFormGame.from_arrays([[3, 1], [2, 0]], [[1, 0], [0, 1]])
    reduced = bg.undominated(game)
    assert reduced.to_latex().count(r"\begin{tabular}") == 2
    assert "Complete: " in reduced.to_latex()


def test_powers_are_set_as_mathematics():
    text = latex_table([["", "share"], ["a^b", "10^-868.9"]], caption="10^400", label=None)
    assert "$10^{-868.9}$" in text
    assert r"\caption{$10^{400}$}" in text
    assert r"a\textasciicircum{}b" in text


def test_captions_and_labels_are_text():
    game = bg.NormalFormGame.from_arrays([[1]], [[1]])
    with pytest.raises(errors.InvalidTypeError, match="caption"):
        game.to_latex(caption=3)
    with pytest.raises(errors.InvalidTypeError, match="label"):
        game.to_latex(label=3)


def test_worlds_and_results_as_they_print():
    world = bg.load_scenario("golden-3")
    rows = body(world.to_latex(label="tab:w"))
    assert rows[0] == ["", "state", "power", "share", "1", "2", "3", "4"]
    assert rows[4][:4] == ["4", "h (threat)", "4", r"40.0\%"]
    assert rows[1][4:] == ["1.00", "0.50", "0.20", "$-0.20$"]
    assert len(body(bg.World(["A", "B"], [1, 2]).to_latex())[0]) == 4
    assert "<table>" in world._repr_html_()
    assert "h (threat)" in world._repr_html_()

    contest = bg.coalition_contest({"A": 2, "B": 1, "C": 1})
    assert body(contest.to_latex())[1][3] == r"$\frac{2}{3}$"
    camps = bg.alignments(bg.AlignmentGame([1, 2, 3], -1, names=["A", "B", "C"]))
    assert body(camps.to_latex(caption="x"))[1][-2:] == ["A, B", "C"]
    hunt = bg.NormalFormGame.from_arrays([[4, 1], [3, 3]], [[4, 3], [1, 3]])
    table = body(bg.selection(hunt).to_latex())
    assert len(table) == 4
    assert (table[0][0], table[0][2]) == ("", "strict")
    assert "equilibrium (payoffs)" in table[0][1]
    model = bg.BalancingModel(cohesion=0, autonomy_loss=0.8, decisiveness=2)
    assert body(bg.overstretch(model, 3, 20, 0.1).to_latex())[0][0] == "all bandwagon is"
    assert r"\toprule" in bg.robustness(world, bg.BalancingModel(), draws=5).to_latex()
