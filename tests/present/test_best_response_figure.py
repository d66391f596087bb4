"""The graph of best responses, drawn over the game's table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import balancegame as bg
from balancegame.errors import InvalidParameterError, InvalidTypeError, TooManyProfilesError
from balancegame.present.figure_style import SERIES
from balancegame.testing import normal_form_games
from tests.present.test_networks import moves_by_definition

matplotlib = pytest.importorskip("matplotlib")
plt = pytest.importorskip("matplotlib.pyplot")


CHICKEN = bg.NormalFormGame.from_arrays(
    [[0, 7], [2, 6]],
    [[0, 2], [7, 6]],
    players=["East", "West"],
    actions=["dare", "yield"],
    title="Chicken",
)


def with_gid(axes, word):
    return {
        patch.get_gid(): patch for patch in axes.patches if (patch.get_gid() or "").startswith(word)
    }


def boxes(axes):
    return {
        tuple(map(int, gid.split()[1:])): patch for gid, patch in with_gid(axes, "profile").items()
    }


def arrows(axes):
    found = {}
    for gid, patch in with_gid(axes, "move").items():
        source, target = gid.removeprefix("move ").split(" to ")
        found[tuple(map(int, source.split())), tuple(map(int, target.split()))] = patch
    return found


def middle(box):
    return box.get_x() + box.get_width() / 2, box.get_y() + box.get_height() / 2


@settings(max_examples=5)
@given(normal_form_games(max_players=3, max_actions=3))
def test_arrows_are_the_moves_and_sinks_the_equilibria(game):
    for better in (False, True):
        axes = bg.plot_best_responses(game, better=better)
        expected = moves_by_definition(game, better=better)
        drawn = arrows(axes)
        assert set(drawn) == {(source, target) for source, target, _ in expected}
        for source, target, player in expected:
            colour = matplotlib.colors.to_rgba(SERIES[player])
            assert drawn[source, target].get_edgecolor() == colour
        sinks = {profile for profile, box in boxes(axes).items() if box.get_linewidth() > 1}
        assert sinks == set(boxes(axes)) - {source for source, _, _ in expected}
        assert sinks == {tuple(part[0] for part in found.support) for found in bg.pure_nash(game)}
        plt.close("all")


@settings(max_examples=5)
@given(normal_form_games(max_players=3, max_actions=3))
def test_arrows_lead_from_box_to_box_level_or_upright(game):
    axes = bg.plot_best_responses(game, better=True)
    at = {profile: middle(box) for profile, box in boxes(axes).items()}
    assert len(set(at.values())) == game.n_profiles
    for (source, target), arrow in arrows(axes).items():
        start, end = arrow._posA_posB
        assert start == pytest.approx(at[source])
        assert end == pytest.approx(at[target])
        assert (start[0] == pytest.approx(end[0])) != (start[1] == pytest.approx(end[1]))
    plt.close("all")


def test_two_players_see_their_table():
    axes = bg.plot_best_responses(CHICKEN)
    found = {profile: middle(box) for profile, box in boxes(axes).items()}
    assert found[0, 0] == pytest.approx((0, 0))
    assert found[0, 1] == pytest.approx((1, 0))
    assert found[1, 0] == pytest.approx((0, 1))
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first row above
    payoffs = {
        tuple(np.round(text.get_position(), 6)): text.get_text()
        for text in axes.texts
        if text.get_gid() == "payoffs"
    }
    assert payoffs == {(0, 0): "0, 0", (1, 0): "7, 2", (0, 1): "2, 7", (1, 1): "6, 6"}
    assert [text.get_text() for text in axes.get_xticklabels()] == ["dare", "yield"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("West", "East")
    assert axes.get_title(loc="left") == "Chicken"
    key = [text.get_text() for text in axes.get_legend().get_texts()]
    assert key == ["East: best response", "West: best response", "pure equilibrium"]
    assert (
        bg.plot_best_responses(CHICKEN, better=True, title="Mine").get_title(loc="left") == "Mine"
    )


def test_more_players_choose_among_blocks():
    game = bg.NormalFormGame(np.arange(4 * 24).reshape(4, 2, 2, 3, 2))
    axes = bg.plot_best_responses(game)
    at = {profile: middle(box) for profile, box in boxes(axes).items()}
    assert axes.get_ylabel() == "player 0, player 2"
    assert axes.get_xlabel() == "player 1, player 3"
    # Rows: the first player's blocks of the third's three choices; more room between blocks.
    ups = [at[a, 0, c, 0][1] for a in range(2) for c in range(3)]
    steps = np.diff(ups)
    assert steps == pytest.approx([1, 1, steps[2], 1, 1])
    assert steps[2] > 1.2
    assert len({x for x, _ in at.values()}) == 4
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert [label.replace(", ", "\n") for label in labels] == [
        f"a{a}\na{c}" for a in range(2) for c in range(3)
    ]


def test_arrows_bend_around_boxes_between():
    payoffs = np.array([[[0, 1, 2, 5]] * 4, [[0] * 4] * 4]).transpose(0, 2, 1)
    game = bg.NormalFormGame(payoffs)  # the first player moves down over up to two boxes
    axes = bg.plot_best_responses(game)
    axes.figure.canvas.draw()
    assert len(arrows(axes)) == 12
    for pair, arrow in arrows(axes).items():
        path = arrow.get_path().vertices
        path = arrow.get_transform().transform(path)
        bent = np.ptp(path[:-4, 0]) > 1 if len(path) > 4 else False
        assert bent == (pair[1][0] - pair[0][0] > 1) or len(path) <= 4
        line = matplotlib.path.Path(
            np.array([arrow.get_transform().transform(p) for p in _along(arrow)])
        )
        for profile, box in boxes(axes).items():
            inside = box.get_window_extent()
            assert profile in pair or not line.intersects_bbox(inside, filled=False)


def _along(arrow):
    """Points of the curve an arrow follows, in its own coordinates."""
    path = arrow.get_connectionstyle()
    display = arrow.axes.transData
    start, end = (display.transform(point) for point in arrow._posA_posB)
    curve = path(start, end)
    (a, b, c) = curve.vertices
    t = np.linspace(0.02, 0.98, 60)[:, None]
    points = (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
    return arrow.get_transform().inverted().transform(points)


def test_nobody_moves_where_all_is_tied():
    axes = bg.plot_best_responses(bg.NormalFormGame(np.zeros((2, 3, 3))))
    assert not arrows(axes)
    assert all(box.get_linewidth() > 1 for box in boxes(axes).values())
    alone = bg.plot_best_responses(bg.NormalFormGame([[1, 3, 2]]))
    assert sorted(arrows(alone)) == [((0,), (1,)), ((2,), (1,))]
    assert len(boxes(bg.plot_best_responses(bg.NormalFormGame([[[1]], [[1]]])))) == 1


def test_pennies_have_no_sink():
    pennies = bg.NormalFormGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    axes = bg.plot_best_responses(pennies)
    assert len(arrows(axes)) == 4
    assert not any(box.get_linewidth() > 1 for box in boxes(axes).values())


SIX = (2,) * 6


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((2, 2), (3.5, 3.0)),
        ((5, 5), (3.5, 3.5)),
        ((5, 5), (7.0, 5.0)),
        ((3, 3, 3), (3.5, 6.0)),
        pytest.param(SIX, (7.0, 6.0), marks=pytest.mark.thorough),
    ],
)
def test_texts_do_not_overlap(shape, size):
    payoffs = np.random.default_rng(0).integers(0, 99, (len(shape), *shape)) / 7
    actions = [["balance", "bandwagon", "neutral", "arm", "undermine"][:m] for m in shape]
    figure, axes = plt.subplots(figsize=size, layout="constrained")
    game = bg.NormalFormGame(payoffs, actions=actions)
    assert bg.plot_best_responses(game, axes=axes) is axes
    figure.canvas.draw()
    texts = [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
    texts += [axes.xaxis.label, axes.yaxis.label, *axes.get_legend().get_texts()]
    extents = [text.get_window_extent() for text in texts if text.get_text()]
    for k, box in enumerate(extents):
        assert not any(box.overlaps(other) for other in extents[:k])
        assert figure.bbox.x0 - 1 <= box.x0
        assert box.x1 <= figure.bbox.x1 + 1
    drawn = [box.get_window_extent() for box in boxes(axes).values()]
    for k, box in enumerate(drawn):
        assert not any(box.overlaps(other) for other in drawn[:k])


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(TooManyProfilesError, match="729 pure profiles; at most 64"):
        bg.plot_best_responses(bg.NormalFormGame(np.zeros((6, *(3,) * 6))))
    with pytest.raises(InvalidTypeError, match="NormalFormGame"):
        bg.plot_best_responses(bg.pure_nash(CHICKEN))
    with pytest.raises(InvalidTypeError, match="better is 'yes'"):
        bg.plot_best_responses(CHICKEN, better="yes")
    with pytest.raises(InvalidTypeError, match="axes is a list"):
        bg.plot_best_responses(CHICKEN, axes=[])
    _, axes = plt.subplots(figsize=(2, 2), layout="constrained")
    with pytest.raises(InvalidParameterError, match="points a profile"):
        bg.plot_best_responses(bg.NormalFormGame(np.zeros((2, 8, 8))), axes=axes)
