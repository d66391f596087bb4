"""The landscape: minima by energy, their basins, and the tree of saddles."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pytest

import balancegame as bg
from balancegame.errors import InvalidParameterError, InvalidTypeError

matplotlib = pytest.importorskip("matplotlib")
plt = pytest.importorskip("matplotlib.pyplot")

NAMES = ["Britain", "France", "Germany", "Italy", "USSR"]


@pytest.fixture(scope="module")
def rivals():
    sizes = ["7.45", "5.32", "11.49", "4.03", "15.01"]
    return bg.alignments(bg.AlignmentGame(sizes, -1, NAMES, title="Realists, 1936"))


def random_landscape(n, seed=4, **options):
    rng = np.random.default_rng(seed)
    likes = np.triu(rng.integers(-9, 10, (n, n)), 1)
    return bg.alignments(bg.AlignmentGame(rng.integers(1, 9, n), likes + likes.T), **options)


def dots(axes):
    found = {}
    for one in axes.collections:
        if (one.get_gid() or "").startswith("minimum"):
            found[int(one.get_gid().split()[1])] = one
    return found


def place(dot):
    return tuple(dot.get_offsets()[0].tolist())


def saddles(axes):
    found = {}
    for line in axes.get_lines():
        if (line.get_gid() or "").startswith("saddle"):
            (x,) = set(line.get_xdata())
            found[x] = tuple(map(int, line.get_gid().split()[1:]))
    return found


def test_dots_stand_at_their_energies_with_their_basins(rivals):
    axes = bg.plot_landscape(rivals)
    drawn = dots(axes)
    assert [place(drawn[k])[0] for k in range(4)] == rivals.energies.tolist()
    areas = np.array([float(drawn[k].get_sizes()[0]) for k in range(4)])
    assert areas / areas.sum() == pytest.approx(rivals.basins / 16)
    shares = {text.get_gid(): text.get_text() for text in axes.texts}
    assert [shares[f"basin {k}"] for k in range(4)] == ["44%", "31%", "19%", "6%"]
    assert axes.get_title(loc="left") == "Realists, 1936"


def test_rows_say_who_stands_with_whom(rivals):
    axes = bg.plot_landscape(rivals, title="Mine")
    labels = {
        float(tick): text.get_text().split("\n")
        for tick, text in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
    }
    heights = bg.energy_barriers(rivals.game).heights
    for k, dot in dots(axes).items():
        camps, level = labels[place(dot)[1]]
        assert camps == " v ".join(", ".join(camp) for camp in rivals.camps(k))
        said = "the least" if k == 0 else f"barrier {heights[k]:.3g}"
        assert level == f"energy {rivals.energies[k]:.5g}, {said}"
    colours = {k: tuple(dot.get_facecolor()[0]) for k, dot in dots(axes).items()}
    assert sum(colour != colours[0] for colour in colours.values()) == 3


@pytest.mark.parametrize("seed", range(4))
def test_branches_meet_at_the_saddles(seed):
    result = random_landscape(9, seed)
    tree = bg.energy_barriers(result.game)
    axes = bg.plot_landscape(result, limit=50)
    drawn = {k: place(dot) for k, dot in dots(axes).items()}
    branches = [line.get_xydata() for line in axes.get_lines() if len(set(line.get_xdata())) == 2]

    def rightwards(point):
        """The ends of all branches and saddles on the way from a point to the right."""
        seen, waiting = set(), [point]
        while waiting:
            x, y = waiting.pop()
            if (x, y) in seen:
                continue
            seen.add((x, y))
            for (x0, y0), (x1, y1) in branches:
                if abs(y0 - y) < 1e-9 and y0 == y1 and abs(x0 - x) < 1e-9:
                    waiting.append((x1, y))
            for line in axes.get_lines():
                if (line.get_gid() or "").startswith("saddle") and line.get_xdata()[0] == x:
                    low, high = sorted(line.get_ydata())
                    if low - 1e-9 <= y <= high + 1e-9:
                        waiting.append((x, (low + high) / 2))
        return {x for x, _ in seen}

    ways = {k: rightwards(point) for k, point in drawn.items()}
    for i, j in combinations(drawn, 2):
        assert min(ways[i] & ways[j]) == pytest.approx(float(tree.exact_saddle(i, j)))


def test_branches_do_not_cross():
    axes = bg.plot_landscape(random_landscape(12, 7), limit=30)
    level = [line.get_xydata() for line in axes.get_lines() if len(set(line.get_xdata())) == 2]
    level = [line for line in level if line[0, 1] == line[1, 1] and line[1, 0] > 1]
    upright = [line.get_xydata() for line in axes.get_lines() if line.get_gid()]
    for (x0, y), (x1, _) in level:
        for (x, low), (_, high) in upright:
            assert not (x0 < x < x1 and low < y < high)


def test_what_is_beyond_the_limit_is_said():
    result = random_landscape(10, 3)
    assert len(result) > 3
    axes = bg.plot_landscape(result, limit=2)
    assert sorted(dots(axes)) == [0, 1]
    (note,) = [text.get_text() for text in axes.texts if text.get_gid() == "note"]
    assert f"{len(result) - 2} more stable alignments are left out" in note.replace("\n", " ")
    tree = bg.energy_barriers(result.game)
    assert saddles(axes) == {float(tree.exact_saddle(0, 1)): (0, 1)}


@pytest.mark.compiled
def test_large_games_have_no_tree():
    result = random_landscape(17, basins="none")
    axes = bg.plot_landscape(result, limit=3)
    assert not saddles(axes)
    assert len(dots(axes)) == 3
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert not any("barrier" in label for label in labels)
    assert all("v the rest" in label.replace("\n", " ") for label in labels)
    assert not any((text.get_gid() or "").startswith("basin") for text in axes.texts)
    sampled = bg.plot_landscape(random_landscape(17, basins="sampled", samples=64), limit=3)
    assert any("(sampled)" in text.get_text().replace("\n", " ") for text in sampled.texts)


def test_incomplete_lists_say_so(rivals):
    cut = dataclasses.replace(rivals, complete=False, n_minima=None)
    axes = bg.plot_landscape(cut)
    assert not saddles(axes)
    assert any("There may be more" in text.get_text().replace("\n", " ") for text in axes.texts)
    bounded = dataclasses.replace(rivals, exact_lower_bound=rivals.exact_lower_bound - 1)
    assert "the least found" in bg.plot_landscape(bounded).get_yticklabels()[0].get_text()


@pytest.mark.compiled
def test_long_camps_are_cut():
    result = random_landscape(17, basins="none")
    axes = bg.plot_landscape(result, limit=4)
    for k, text in enumerate(axes.get_yticklabels()):
        smaller = min(result.camps(k), key=len)
        said = text.get_text().replace("\n", " ")
        assert (f"and {len(smaller) - 7} more v the rest" in said) == (len(smaller) > 7)


def test_one_minimum_and_all_ties():
    axes = bg.plot_landscape(bg.alignments(bg.AlignmentGame([1, 2], 1)))
    assert [text.get_text() for text in axes.get_yticklabels()] == [
        "all together\nenergy 0, the least"
    ]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0"]
    ties = bg.plot_landscape(bg.alignments(bg.AlignmentGame([1, 2, 3], 0)))
    assert len(dots(ties)) == 4
    assert len({tuple(dot.get_facecolor()[0]) for dot in dots(ties).values()}) == 1
    assert len(dots(bg.plot_landscape(bg.alignments(bg.AlignmentGame([1], [[0]]))))) == 1


@pytest.mark.parametrize("size", [(3.5, 4.0), (7.0, 4.0)])
def test_texts_do_not_overlap(rivals, size):
    figure, axes = plt.subplots(figsize=size, layout="constrained")
    assert bg.plot_landscape(rivals, axes=axes) is axes
    figure.canvas.draw()
    texts = [*axes.texts, *axes.get_yticklabels(), axes.xaxis.label]
    boxes = [text.get_window_extent() for text in texts if text.get_text()]
    for k, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:k])
        assert figure.bbox.x0 - 1 <= box.x0
        assert box.x1 <= figure.bbox.x1 + 1


def test_what_cannot_be_drawn_is_refused(rivals):
    with pytest.raises(InvalidTypeError, match="AlignmentResult"):
        bg.plot_landscape(rivals.game)
    with pytest.raises(InvalidParameterError, match="limit is 0"):
        bg.plot_landscape(rivals, limit=0)
    with pytest.raises(InvalidTypeError, match="limit"):
        bg.plot_landscape(rivals, limit="all")
    with pytest.raises(InvalidTypeError, match="axes is a int"):
        bg.plot_landscape(rivals, axes=3)
    _, axes = plt.subplots(figsize=(4, 1))
    with pytest.raises(InvalidParameterError, match="smaller limit or larger axes"):
        bg.plot_landscape(rivals, axes=axes)
