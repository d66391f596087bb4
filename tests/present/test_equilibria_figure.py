"""The heat map of equilibria: cells are probabilities, written and shaded."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

import balancegame as bg
from balancegame.errors import InvalidParameterError, InvalidShapeError, InvalidTypeError
from balancegame.testing import normal_form_games

matplotlib = pytest.importorskip("matplotlib")
plt = pytest.importorskip("matplotlib.pyplot")


def two(A, B, **options):
    return bg.NormalFormGame.from_arrays(A, B, **options)


CHICKEN = two(
    [[0, 7], [2, 6]],
    [[0, 2], [7, 6]],
    players=["East", "West"],
    actions=["dare", "yield"],
    title="Chicken",
)
PENNIES = two([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def rows(axes):
    """The texts of each row, from the left."""
    found = {}
    for text in axes.texts:
        if (text.get_gid() or "").startswith("cell"):
            found.setdefault(int(text.get_gid().split()[1]), []).append(text)
    return [
        [text.get_text() for text in sorted(found[k], key=lambda one: one.get_position()[0])]
        for k in range(len(found))
    ]


def shades(axes):
    return [np.asarray(one.get_array()) for one in axes.collections]


def said(axes, gid):
    return [text.get_text() for text in axes.texts if text.get_gid() == gid]


def test_cells_are_probabilities_and_payoffs():
    result = bg.nash_equilibria(CHICKEN)
    axes = bg.plot_equilibria(result)
    assert rows(axes) == [
        ["1", "", "", "1", "7", "2"],
        ["", "1", "1", "", "2", "7"],
        ["1/3", "2/3", "1/3", "2/3", "4.667", "4.667"],
    ]
    for i, block in enumerate(shades(axes)):
        assert np.array_equal(block, [found.profile[i] for found in result])
    labels = [text.get_text() for text in axes.get_xticklabels()]
    assert labels == ["dare", "yield", "dare", "yield", "East", "West"]
    assert said(axes, "player") == ["East", "West", "payoffs"]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["[0]", "[1]", "[2]"]
    assert axes.get_title(loc="left") == "Chicken"
    assert bg.plot_equilibria(result, title="Mine").get_title(loc="left") == "Mine"
    assert said(axes, "note") == [""]


def test_labels_stand_over_their_cells():
    axes = bg.plot_equilibria(bg.nash_equilibria(CHICKEN))
    across = sorted({text.get_position()[0] for text in axes.texts if text.get_gid() == "cell 0"})
    assert axes.get_xticks().tolist() == pytest.approx(across)
    edges = [np.asarray(one.get_coordinates())[0, :, 0] for one in axes.collections]
    for i, block in enumerate(edges):
        assert ((block[:-1] + block[1:]) / 2).tolist() == pytest.approx(across[2 * i : 2 * i + 2])
    assert edges[0][-1] < edges[1][0]  # players stand apart


def test_dark_cells_have_light_letters():
    axes = bg.plot_equilibria(bg.nash_equilibria(CHICKEN))
    colours = {text.get_text(): text.get_color() for text in axes.texts if text.get_text()}
    assert (colours["1"], colours["2/3"], colours["1/3"]) == ("white", "white", "black")
    assert colours["7"] == "black"


@settings(max_examples=10)
@given(normal_form_games(max_players=2, max_actions=3))
def test_every_row_sums_to_one_for_every_player(game):
    result = bg.nash_equilibria(game)
    axes = bg.plot_equilibria(result, limit=4)
    blocks = shades(axes)
    plt.close("all")
    shown = min(len(result), 4)
    assert len(blocks) == game.n_players
    for block in blocks:
        assert block.sum(axis=1) == pytest.approx(np.ones(shown))
    assert len(rows(axes)) == shown


def test_the_limit_is_said():
    # All ties: every one of the 16 pure profiles is an equilibrium.
    result = bg.pure_nash(bg.NormalFormGame(np.zeros((4, 2, 2, 2, 2))))
    axes = bg.plot_equilibria(result, limit=5)
    assert len(rows(axes)) == 5
    assert "11 more equilibria are left out." in said(axes, "note")[0]
    assert len(rows(bg.plot_equilibria(result, limit=16))) == 16


def test_continua_and_incomplete_lists_are_said():
    tied = two([[1, 1], [0, 2]], [[1, 1], [2, 0]])
    axes = bg.plot_equilibria(bg.nash_equilibria(tied))
    assert "continua" in said(axes, "note")[0]
    part = bg.lemke_howson(CHICKEN)
    assert not part.complete
    (note,) = said(bg.plot_equilibria(part), "note")
    assert note.replace("\n", " ").startswith("Not known to be complete")


def test_no_pure_equilibrium_is_said():
    axes = bg.plot_equilibria(bg.pure_nash(PENNIES))
    assert said(axes, "none") == ["no pure equilibrium"]
    assert not rows(axes)
    assert len(axes.get_xticks()) == 6
    (row,) = rows(bg.plot_equilibria(bg.nash_equilibria(PENNIES)))
    assert row == ["1/2"] * 4 + ["0", "0"]


def test_long_fractions_and_tiny_probabilities_are_short():
    axes = bg.plot_equilibria(bg.nash_equilibria(two([[1000, 0], [0, 2001]], [[7, 0], [0, 7]])))
    assert rows(axes)[-1][:4] == ["1/2", "1/2", "0.667", "0.333"]
    tiny = Fraction(1, 10**9)
    axes = bg.plot_equilibria(bg.nash_equilibria(two([[tiny, 0], [0, 1]], [[1, 0], [0, tiny]])))
    assert {"1e-09", "1"} <= set(rows(axes)[-1])


def test_actions_nobody_plays_give_way():
    names = [f"a{k}" for k in range(25)]
    game = two(np.eye(25), np.eye(25), actions=names)
    axes = bg.plot_equilibria(bg.pure_nash(game), limit=3)
    labels = [text.get_text() for text in axes.get_xticklabels()]
    assert labels == ["a0", "a1", "a2"] * 2 + ["player 0", "player 1"]
    assert "44 actions that none of these plays have no column" in said(axes, "note")[0].replace(
        "\n", " "
    )
    with pytest.raises(InvalidShapeError, match="at most 80"):
        bg.plot_equilibria(bg.pure_nash(two(np.eye(45), np.eye(45))), limit=45)


@pytest.mark.parametrize("size", [(3.5, 3.4), (7.0, 3.5)])
@pytest.mark.parametrize("name", ["europe-1938", "golden-3"])
def test_texts_do_not_overlap(name, size):
    model = bg.load_model(name)
    result = bg.pure_nash(model.game(bg.load_scenario(name)))
    figure, axes = plt.subplots(figsize=size, layout="constrained")
    assert bg.plot_equilibria(result, axes=axes, title="Some title") is axes
    figure.canvas.draw()
    texts = [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    for k, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:k])
        assert figure.bbox.x0 - 1 <= box.x0
        assert box.x1 <= figure.bbox.x1 + 1


def test_long_names_are_cut():
    game = two([[1]], [[1]], players=["a state of very many letters", "B"], actions=["x" * 60])
    axes = bg.plot_equilibria(bg.pure_nash(game))
    assert max(len(text.get_text()) for text in axes.get_xticklabels()) == 24
    assert said(axes, "player")[0].endswith("...")


def test_what_cannot_be_drawn_is_refused():
    result = bg.nash_equilibria(CHICKEN)
    with pytest.raises(InvalidTypeError, match="NashResult"):
        bg.plot_equilibria(CHICKEN)
    with pytest.raises(InvalidParameterError, match="limit is 0"):
        bg.plot_equilibria(result, limit=0)
    with pytest.raises(InvalidTypeError, match="limit"):
        bg.plot_equilibria(result, limit=2.5)
    with pytest.raises(InvalidTypeError, match="axes is a str"):
        bg.plot_equilibria(result, axes="here")
    _, axes = plt.subplots(figsize=(1.5, 0.8))
    with pytest.raises(InvalidParameterError, match="too small for 3 rows and 6 columns"):
        bg.plot_equilibria(result, axes=axes)
