"""Camps as a network: who is drawn where, how large, and tied to whom."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import balancegame as bg
from balancegame.errors import (
    InvalidParameterError,
    InvalidShapeError,
    InvalidTypeError,
    MissingThreatError,
    UnknownActionError,
    UnknownPlayerError,
)

matplotlib = pytest.importorskip("matplotlib")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(scope="module")
def europe():
    world = bg.load_scenario("europe-1938")
    return world, bg.pure_nash(bg.load_model("europe-1938").game(world))[0]


LONG = [
    "United States of America",
    "Union of Soviet Socialist Republics",
    "Bosnia and Herzegovina",
    "A state of forty-eight letters and then some more",
    *("Yugoslavia", "Italy", "UK", "Germany", "Czechoslovakia", "Saint Vincent", "Peru"),
    *("Lithuania", "Saudi Arabia", "X", "Papua New Guinea"),
]


def large_world(n=15, seed=0):
    rng = np.random.default_rng(seed)
    ties = np.triu(rng.uniform(-0.4, 0.9, (n, n)), 1)
    ties += ties.T + np.eye(n)
    return bg.World(LONG[:n], rng.pareto(1.2, n) + 0.05, ties, threat=LONG[n // 2])


def nodes(axes):
    found = {
        int(patch.get_gid().split()[1]): patch
        for patch in axes.patches
        if patch.get_gid().startswith("state")
    }
    return [found[i] for i in range(len(found))]


def ties(axes):
    return {
        tuple(map(int, patch.get_gid().split()[1:])): patch
        for patch in axes.patches
        if patch.get_gid().startswith("tie")
    }


def said(axes, gid):
    return [text.get_text() for text in axes.texts if text.get_gid() == gid]


def area(patch):
    """By the shoelace formula, over the patch's outline."""
    x, y = patch.get_transform().transform_path(patch.get_path()).to_polygons()[0].T
    return abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


def centre(patch):
    box = patch.get_window_extent()
    return np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])


def test_every_state_stands_with_its_camp(europe):
    world, found = europe
    axes = bg.plot_camps(world, found)
    axes.figure.canvas.draw()
    kinds = {"balance": "Circle", "neutral": "RegularPolygon"}
    drawn = dict(zip(world.names, nodes(axes), strict=True))
    across = {name: centre(patch)[0] for name, patch in drawn.items()}
    up = {name: centre(patch)[1] for name, patch in drawn.items()}
    ours = [name for name, a in zip(world.states, found.actions, strict=True) if a == "balance"]
    rest = [name for name in world.states if name not in ours]
    for name, action in zip(world.states, found.actions, strict=True):
        assert type(drawn[name]).__name__ == kinds[action]
    assert all(across[name] < across["Germany"] for name in ours)
    assert all(up[name] < min(up[other] for other in [*ours, "Germany"]) for name in rest)
    headings = [text.split("\n")[0] for text in said(axes, "heading")]
    assert headings == ["balancing", "threat", "neutral"]
    share = world.shares[[world.names.index(name) for name in ours]].sum()
    assert said(axes, "heading")[0].endswith(f"{share:.0%} of the power")
    assert axes.get_title(loc="left") == world.title


def test_names_stand_at_their_nodes(europe):
    axes = bg.plot_camps(*europe)
    axes.figure.canvas.draw()
    names = [f"{name} (threat)" if name == "Germany" else name for name in europe[0].names]
    assert said(axes, "state") == names
    texts = [text for text in axes.texts if text.get_gid() == "state"]
    for text, node in zip(texts, nodes(axes), strict=True):
        box = text.get_window_extent()
        near, other = node.get_window_extent(), centre(node)
        assert abs((box.y0 + box.y1) / 2 - other[1]) < 3
        assert min(abs(box.x0 - near.x1), abs(near.x0 - box.x1)) < 6


@pytest.mark.parametrize("profile", ["balance", "bandwagon", "neutral", "mixed"])
def test_areas_are_proportional_to_power_whatever_the_shape(profile):
    world = large_world(9)
    mixed = ["balance", "neutral", "bandwagon", "arm"] * 2
    axes = bg.plot_camps(world, mixed if profile == "mixed" else [profile] * 8)
    areas = np.array([area(patch) for patch in nodes(axes)])
    assert areas / areas.sum() == pytest.approx(world.shares, rel=0.01)  # circles are polygons here


def test_lines_are_the_ties_and_what_is_left_out_is_said():
    ties_of = [[1, 0.8, -0.5, 0.05], [0.8, 1, 0, -0.2], [-0.5, 0, 1, 0.4], [0.05, -0.2, 0.4, 1]]
    world = bg.World(["A", "B", "C", "H"], [1, 2, 3, 4], ties_of, threat="H")
    axes = bg.plot_camps(world, ["balance"] * 3)
    drawn = ties(axes)
    assert sorted(drawn) == [(0, 1), (0, 2), (1, 3), (2, 3)]
    solid = {pair for pair, patch in drawn.items() if patch.get_linestyle() in ("-", "solid")}
    assert solid == {(0, 1), (2, 3)}
    widths = {pair: patch.get_linewidth() for pair, patch in drawn.items()}
    assert widths[0, 1] == pytest.approx(2 * widths[2, 3])
    assert widths[0, 2] > widths[2, 3] > widths[1, 3]
    (key,) = said(axes, "key")
    assert "2 of 6 pairs below 0.1 have none" in key.replace("\n", " ")
    assert len(ties(bg.plot_camps(world, ["balance"] * 3, weakest=0))) == 5  # 0 is no tie
    assert sorted(ties(bg.plot_camps(world, ["balance"] * 3, weakest="0.5"))) == [(0, 1), (0, 2)]
    (key,) = said(bg.plot_camps(world, ["balance"] * 3, weakest=1), "key")
    assert "nowhere as strong as 1" in key


def boxes(axes):
    return [text.get_window_extent() for text in axes.texts if text.get_text()]


PROFILES = {
    "all balance": ["balance"] * 14,
    "all bandwagon": ["bandwagon"] * 14,
    "all neutral": ["neutral"] * 14,
    "every camp": ["balance", "bandwagon", "neutral", "arm", "undermine", "neutral", "balance"] * 2,
}


@pytest.mark.parametrize("size", [(3.5, 3.0), (7.0, 4.5)])
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_fifteen_long_names_do_not_overlap(profile, size):
    figure, axes = plt.subplots(figsize=size, layout="constrained")
    bg.plot_camps(large_world(), profile, axes=axes, title="Fifteen states")
    figure.canvas.draw()
    texts = boxes(axes)
    for k, box in enumerate(texts):
        assert not any(box.overlaps(other) for other in texts[:k])
        assert box.x0 >= figure.bbox.x0 - 1
        assert box.x1 <= figure.bbox.x1 + 1
    drawn = [patch.get_window_extent() for patch in nodes(axes)]
    for k, box in enumerate(drawn):
        assert not any(box.overlaps(other) for other in [*drawn[:k], *texts])


@settings(max_examples=6)
@given(st.integers(2, 15), st.data())
def test_nothing_overlaps_whoever_stands_where(n, data):
    actions = st.sampled_from(["balance", "bandwagon", "neutral", "arm", "undermine"])
    profile = data.draw(st.lists(actions, min_size=n - 1, max_size=n - 1))
    axes = bg.plot_camps(large_world(n, seed=data.draw(st.integers(0, 99))), profile, weakest=0.9)
    texts = boxes(axes)
    drawn = [patch.get_window_extent() for patch in nodes(axes)]
    plt.close("all")
    for k, box in enumerate(texts):
        assert not any(box.overlaps(other) for other in [*texts[:k], *drawn])


def test_no_line_crosses_a_name_or_another_node(europe):
    axes = bg.plot_camps(*europe, weakest=0)
    axes.figure.canvas.draw()
    names = [text.get_window_extent() for text in axes.texts if text.get_gid() == "state"]
    drawn = nodes(axes)
    for pair, patch in ties(axes).items():
        path = patch.get_transform().transform_path(patch.get_path())
        assert not any(path.intersects_bbox(box.padded(-1), filled=False) for box in names)
        for k, node in enumerate(drawn):
            other = node.get_transform().transform_path(node.get_path())
            assert k in pair or not path.intersects_path(other, filled=False)


def test_the_same_input_gives_the_same_figure():
    first, second = (bg.plot_camps(large_world(), [0, 1, 2, 3, 4, 0, 1] * 2) for _ in range(2))
    for one, other in zip(first.texts, second.texts, strict=True):
        assert one.get_position() == other.get_position()
        assert one.get_text() == other.get_text()
    for one, other in zip(nodes(first), nodes(second), strict=True):
        assert np.array_equal(one.get_verts(), other.get_verts())


def test_camps_profiles_and_equilibria_say_the_same(europe):
    world, found = europe
    model = bg.load_model("europe-1938")
    camps = model.camps(world, found)
    standings = [found, camps, found.actions, dict(zip(world.states, found.actions, strict=True))]
    drawn = [bg.plot_camps(world, standing) for standing in standings]
    assert len({tuple(said(axes, "heading")) for axes in drawn}) == 1
    assert f"prevails with probability {camps.prevailing:.3g}" in said(drawn[1], "key")[0]
    assert len({tuple(said(axes, "state")) for axes in drawn}) == 1


def test_efforts_and_the_threats_own_action_are_written():
    world = bg.load_scenario("golden-3")
    axes = bg.plot_camps(world, ["arm", "undermine", "bandwagon", "opportunist"])
    assert said(axes, "state")[:2] == ["1 (arms)", "2 (undermines)"]
    assert said(axes, "state")[3] == f"{world.threat} (threat: opportunist)"
    assert said(axes, "heading")[1].startswith("threat and bandwagoning\n")
    widths = [patch.get_linewidth() for patch in nodes(axes)]
    assert max(widths) == widths[3] > widths[2]


def test_strategic_equilibria_bring_the_threats_action():
    world = bg.load_scenario("golden-3")
    game = bg.BalancingModel(decisiveness=2).game(world, hegemon="strategic")
    found = bg.pure_nash(game)[0]
    axes = bg.plot_camps(world, found)
    assert f"(threat: {found.actions[-1]})" in said(axes, "state")[3]


def test_without_a_profile_nobody_has_chosen():
    axes = bg.plot_camps(bg.load_scenario("golden-3"))
    assert [text.split("\n")[0] for text in said(axes, "heading")] == ["threat"]
    alone = bg.plot_camps(bg.World(["A", "B"], [1, 2]))
    assert not said(alone, "heading")
    assert said(alone, "state") == ["A", "B"]
    assert len(nodes(bg.plot_camps(bg.World(["A"], [1])))) == 1
    assert len(nodes(bg.plot_camps(bg.World(["A"], [1], threat="A"), []))) == 1


def hostile(n=4):
    return bg.AlignmentGame([4, 3, 2, 1][:n], -1, ["A", "B", "C", "D"][:n], title="Rivals")


def test_minima_of_alignment_games_have_two_camps():
    game = hostile()
    found = bg.alignments(game)
    for place in range(len(found)):
        axes = bg.plot_camps(found, place)
        axes.figure.canvas.draw()
        across = {name: centre(node)[0] for name, node in zip("ABCD", nodes(axes), strict=True)}
        left, right = found.camps(place)
        assert all(across[a] < across[b] for a in left for b in right)
        assert len(ties(axes)) == 6
        assert f"Energy {found.energies[place]:.6g}" in said(axes, "key")[0]
    axes = bg.plot_camps(game, {"A": 0, "B": 0, "C": 0, "D": 0}, title="Together")
    assert [text.split("\n")[0] for text in said(axes, "heading")] == ["side 0"]
    assert axes.get_title(loc="left") == "Together"
    areas = np.array([area(patch) for patch in nodes(axes)])
    assert areas / areas[-1] == pytest.approx([4, 3, 2, 1], rel=0.01)


def test_propensities_are_drawn_against_the_largest():
    propensity = [[0, 30, -60], [30, 0, 5], [-60, 5, 0]]
    axes = bg.plot_camps(bg.AlignmentGame(1, propensity), [0, 0, 1])
    drawn = ties(axes)
    assert sorted(drawn) == [(0, 1), (0, 2)]
    assert drawn[0, 2].get_linewidth() == pytest.approx(2 * drawn[0, 1].get_linewidth())
    indifferent = bg.plot_camps(bg.AlignmentGame([1, 2], 0), [0, 1])
    assert not ties(indifferent)


def test_axes_may_be_given(europe):
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    assert bg.plot_camps(*europe, axes=left) is left
    assert not right.patches


def test_what_cannot_be_drawn_is_refused(europe):
    world, found = europe
    with pytest.raises(InvalidTypeError, match="not of 3"):
        bg.plot_camps(3)
    with pytest.raises(InvalidTypeError, match="axes is a int"):
        bg.plot_camps(world, found, axes=3)
    with pytest.raises(MissingThreatError, match="threat="):
        bg.plot_camps(bg.World(["A", "B"], [1, 2]), ["balance", "balance"])
    with pytest.raises(InvalidShapeError, match="2 entries for 6"):
        bg.plot_camps(world, ["balance", "balance"])
    with pytest.raises(UnknownActionError, match="balance"):
        bg.plot_camps(world, ["balanse"] * 6)
    with pytest.raises(InvalidTypeError, match="pure"):
        bg.plot_camps(world, [[0.5, 0.5, 0]] * 6)
    with pytest.raises(UnknownPlayerError):
        bg.plot_camps(bg.load_scenario("golden-3"), found)
    camps = bg.load_model("europe-1938").camps(world, found)
    with pytest.raises(InvalidShapeError, match="other states"):
        bg.plot_camps(bg.load_scenario("golden-3"), camps)
    with pytest.raises(InvalidParameterError, match="weakest is -1"):
        bg.plot_camps(world, found, weakest=-1)
    with pytest.raises(InvalidParameterError, match="weakest"):
        bg.plot_camps(world, found, weakest="much")


def test_mixed_equilibria_have_no_camps():
    world = bg.World(["A", "B", "H"], [2, 2, 1], threat="H")
    game = bg.BalancingModel(decisiveness=3).game(world, actions=("balance", "neutral"))
    mixed = [one for one in bg.nash_equilibria(game) if not one.is_pure]
    assert mixed
    with pytest.raises(InvalidTypeError, match="mixed"):
        bg.plot_camps(world, mixed[0])


def test_alignments_that_are_not_there_are_refused():
    game = hostile()
    found = bg.alignments(game)
    with pytest.raises(InvalidParameterError, match=f"no minimum {len(found)}"):
        bg.plot_camps(found, len(found))
    with pytest.raises(InvalidTypeError, match="whole number"):
        bg.plot_camps(found, [0, 0, 1, 1])
    with pytest.raises(InvalidTypeError, match="side"):
        bg.plot_camps(game)
    with pytest.raises(InvalidShapeError, match="3 entries"):
        bg.plot_camps(game, [0, 1, 0])
    with pytest.raises(InvalidParameterError, match="31 states"):
        bg.plot_camps(bg.AlignmentGame([1] * 31, 1), [0] * 31)


def test_axes_too_small_are_refused():
    _, axes = plt.subplots(figsize=(1.2, 1.0))
    with pytest.raises(InvalidParameterError, match="larger ones"):
        bg.plot_camps(large_world(), ["balance"] * 14, axes=axes)
