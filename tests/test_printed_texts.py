"""What is printed fits 80 columns, says how much it leaves out, and counts as people do."""

from __future__ import annotations

import inspect
import re
from fractions import Fraction

import pytest

import balancegame as bg
from balancegame._words import counted, plural
from tests.printed import POWERS, RESULTS, dilemma, flat, tied_game, two_player

NOUNS = [
    "action", "alignment", "basis", "bifurcation", "component", "contingency", "continuum",
    "elimination", "entry", "equilibrium", "game", "interval", "move", "order", "outcome", "path",
    "period", "player", "point", "profile", "region", "round", "state", "support", "vertex",
    "world", "year",
]  # fmt: skip
# "1 of", "1/1" and the like aside: the figure one, up to two adjectives, and a plural.
MISCOUNTED = re.compile(
    rf"(?<![\w.,/^*+\[-])1 (?:[a-z][\w-]* ){{0,2}}?(?:{'|'.join(map(plural, NOUNS))})\b"
)
LEFT_OUT = re.compile(r"(?<!\d)\.\.\.(?! and [\d,]+ | \([\d,]+ characters|\s+and [\d,]+)")
NOT_BUILT = {"SearchInterrupted", "SweepPoint"}


PUBLIC = {
    name
    for name in dir(bg)
    if inspect.isclass(getattr(bg, name)) and not issubclass(getattr(bg, name), Exception)
}


def _class(name):
    kind = name.split()[0]
    return getattr(bg, kind, None) or getattr(bg.published, kind, None)


@pytest.mark.parametrize("name", RESULTS)
def test_every_text_fits_a_terminal_and_counts_what_it_leaves_out(name):
    shown = RESULTS[name]()
    kind = name.split()[0]
    assert kind not in PUBLIC or type(shown).__name__ == kind
    for text in (str(shown), repr(shown)):
        assert text
        assert [line for line in text.splitlines() if len(line) > 80] == []
        assert all(line == line.rstrip() for line in text.splitlines())
        joined = " ".join(text.split())
        assert MISCOUNTED.findall(joined) == []
        assert LEFT_OUT.findall(joined) == []


@pytest.mark.parametrize("name", [name for name in RESULTS if hasattr(_class(name), "to_latex")])
def test_every_table_goes_into_a_paper(name):
    """As a LaTeX table whose rows have as many cells as it has columns."""
    shown = RESULTS[name]()
    text = shown.to_latex(caption="One & all", label="tab:one")
    assert r"\caption{One \& all}" in text
    assert r"\label{tab:one}" in text
    for table in text.split(r"\begin{tabular}")[1:]:
        (columns,) = re.findall(r"^\{((?:l|p\{[\d.]+\\linewidth\})+)\}", table)
        body = table.split(r"\toprule")[1].split(r"\bottomrule")[0].replace(r"\midrule", "")
        rows = [row for row in re.split(r"\\\\|\\tabularnewline", body) if row.strip()]
        cells = {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows}
        assert cells == {len(re.findall(r"l(?!inewidth)|p", columns))}
    assert shown.to_latex() != text


def test_every_public_class_is_among_them():
    assert PUBLIC - {name.split()[0] for name in RESULTS} - NOT_BUILT == set()


@pytest.mark.parametrize("text", ["1 states", "all 1 alignments", "holds 1 mixed supports"])
def test_the_pattern_finds_what_it_is_for(text):
    assert MISCOUNTED.search(text)
    assert not MISCOUNTED.search(text.replace("1 ", "11 "))
    assert LEFT_OUT.search("A, B, ...")
    assert not LEFT_OUT.search("... and 3 more")


@pytest.mark.parametrize("noun", NOUNS)
def test_one_has_the_singular(noun):
    assert counted(1, noun) == f"1 {noun}"
    assert counted(0, noun) == f"0 {plural(noun)}" != f"0 {noun}"
    assert counted(2048, f"mixed {noun}") == f"2,048 mixed {plural(noun)}"


def test_camps_of_many_states_are_whole_in_the_wrapped_table():
    game = bg.AlignmentGame(1, -1, [f"Republic of Ruritania {k}" for k in range(12)])
    found = bg.alignments(game, basins="none")
    shown = " ".join(repr(found).split())
    assert all(shown.count(f"Ruritania {k}") for k in range(12))


def test_a_cycle_stands_on_lines_of_its_own():
    found = bg.is_potential(tied_game())
    lines = repr(found).splitlines()
    assert sum(line.endswith("->") for line in lines) == 4 * len(found.weighted_cycles or (0,))
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert (
        repr(bg.is_potential(pennies)).splitlines()[1:]
        == repr(bg.is_potential(pennies).cycle).splitlines()[1:]
    )


def test_move_orders_say_how_many_outcomes_are_not_shown():
    found = bg.move_orders(tied_game())
    more = len(found.by_outcome()) - 12
    assert more > 0
    assert repr(found).endswith(f"... and {more} more; by_outcome() lists them all")
    assert f"<p>... and {more} more" in found._repr_html_()
    few = bg.move_orders(dilemma())
    assert "more" not in repr(few) + few._repr_html_()


def test_a_contest_tells_near_resources_apart_and_names_ties():
    near = bg.coalition_contest({"A": 10**12, "B": 10**12 + 1, "C": 10**12 + 2})
    assert {str(10**12 + k) for k in range(3)} < set(repr(near).split())
    third = Fraction(1, 3)
    nearer = bg.coalition_contest({"A": third, "B": third + Fraction(1, 10**20), "C": 1})
    assert "1/3" in repr(nearer).split()
    assert "both near-predominant" in " ".join(repr(bg.coalition_contest([1, 1])).split())
    assert "the strongest near-predominant" in " ".join(
        repr(bg.coalition_contest([150, 90, 60])).split()
    )


def test_shares_too_small_for_floats_are_powers_of_ten():
    found = bg.endurance(two_player(), 2000)
    middle = found.alignments[1]
    assert middle.probability == 0.0
    shown = re.search(r"\[1\].*?10\^(-[\d.]+)", repr(found))
    exact = found.log_law[middle.cells[0]] / 2.302585092994046
    assert float(shown[1]) == pytest.approx(exact, rel=1e-3)


def test_selection_answers_to_its_printed_headings():
    table = bg.selection(dilemma())
    heads = {"proof": "coalition_proof", "stoch.": "stochastically_stable", "ESS":
             "evolutionarily_stable", "risk": "risk_dominant", "p": "p_dominance"}  # fmt: skip
    words = repr(table).split()
    for heading, name in heads.items():
        assert heading in words
        assert table[heading] == table[name]
        assert table.column(heading) == table.column(name)
    assert table.meeting("proof", "stoch.") == table.meeting(
        "coalition_proof", "stochastically_stable"
    )


def test_selection_says_why_the_logit_branch_ends_at_none_of_its_rows():
    table = bg.selection(flat())
    assert set(table["logit_limit"]) == {False}
    assert "inside a continuum" in table.reasons["logit_limit"]
    assert "inside a continuum" in " ".join(repr(table).split())
    assert "logit_limit" not in bg.selection(dilemma()).reasons


def test_blockings_and_optima_are_read_as_sentences():
    one = bg.strong_equilibria(tied_game()).blocked[0]
    assert all(word in repr(one) for word in ("left by", "moving to", "gaining"))
    assert "<table>" in one._repr_html_()
    lot = bg.strong_equilibria(tied_game(), deviations="correlated").blocked
    assert "or by lot" in " ".join(repr(lot).split())
    assert "drawing lots over" in repr(lot[0])
    assert "smaller" in repr(bg.offensive_optimum(1))
    assert "times the target's power" in repr(bg.offensive_optimum(3))


def test_an_empty_order_and_blank_names_are_named_as_given():
    with pytest.raises(bg.BalanceGameError, match=r"order is empty; .* are missing"):
        bg.sequential_outcomes(tied_game(), [])
    with pytest.raises(bg.BalanceGameError, match="A is missing"):
        bg.sequential_outcomes(
            bg.NormalFormGame.from_arrays([[1, 2], [3, 4]], [[1, 2], [3, 4]], players=["A", "B"]),
            ["B"],
        )
    with pytest.raises(bg.BalanceGameError, match=r"names\[1\] is blank"):
        bg.AlignmentGame({"A": 1, " ": 2}, -1)


def test_long_lists_in_messages_are_cut_with_a_count():
    game = bg.AlignmentGame(1, -1, [f"state number {k}" for k in range(50)])
    with pytest.raises(bg.BalanceGameError, match=r"state number 11 and 38 more\)"):
        game.energy({"nobody": 1})


def test_long_names_are_those_of_powers():
    assert max(map(len, POWERS)) > 30
