from __future__ import annotations

import pytest

import balancegame as bg
from balancegame.errors import InvalidParameterError, InvalidTypeError

matplotlib = pytest.importorskip("matplotlib")


def treaty():
    game = bg.ally_game(2, 2, 1, 0, names=["France", "Russia"])
    made_up = bg.penance(1, violator="help", others="withhold")
    return bg.Treaty(
        game.players, game, dict.fromkeys(game.players, "help"), made_up, title="Entente"
    )


def test_every_state_has_a_box_and_every_way_on_an_arrow():
    drawn = bg.plot_automaton(treaty())
    drawn.figure.canvas.draw()
    texts = [text.get_text() for text in drawn.texts]
    assert "in force\nhelp, help" in texts
    assert "penance of France\nhelp, withhold" in texts
    assert texts.count("France") == texts.count("Russia") == 3
    assert len(drawn.patches) == 3
    arrows = [text.arrow_patch for text in drawn.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == len(treaty().automaton.edges()) == 9
    assert sum(arrow.get_linestyle() == "--" for arrow in arrows) == 6
    assert drawn.get_title(loc="left") == "Entente"


def test_boxes_do_not_overlap_and_hold_their_text():
    drawn = bg.plot_automaton(bg.collective_security(["1/4"] * 3, 10, 1))
    drawn.figure.canvas.draw()
    boxes = [patch.get_window_extent() for patch in drawn.patches]
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[:i])
    inside = [text for text in drawn.texts if "\n" in text.get_text() and text.get_zorder() == 4]
    assert len(inside) == len(boxes) == 7
    for text, box in zip(inside, boxes, strict=True):
        extent = text.get_window_extent()
        assert box.x0 <= extent.x0
        assert extent.x1 <= box.x1


def test_it_draws_into_given_axes_and_refuses_what_cannot_be_read():
    _figure, axes = matplotlib.pyplot.subplots()
    assert bg.plot_automaton(treaty().automaton, title="Mine", axes=axes) is axes
    assert axes.get_title(loc="left") == "Mine"
    with pytest.raises(InvalidParameterError, match="63 states"):
        bg.plot_automaton(bg.collective_security(["1/6"] * 6, 10, 1))
    with pytest.raises(InvalidTypeError, match="must be an Automaton"):
        bg.plot_automaton(bg.ally_game(2, 2, 1, 0))
