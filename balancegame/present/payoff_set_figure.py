"""A figure: the equilibrium payoffs of two players, within what is feasible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_type
from balancegame._words import counted
from balancegame.errors import InvalidShapeError
from balancegame.games.payoff_set import PayoffSet
from balancegame.present.figure_style import BLACK, BLUE, GREY, VERMILION, new_axes
from balancegame.solvers.repeated.feasible_payoffs import feasible_payoffs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_STAGE_PAYOFFS = 400


def plot_payoff_set(payoffs: PayoffSet, *, title: str = "", axes: Axes | None = None) -> Axes:
    """Draw the equilibrium payoffs of two players within the feasible ones.

    Parameters
    ----------
    payoffs : PayoffSet
        Of two players.
    title : str
    axes : matplotlib Axes, optional
        Drawn into, if given.

    Returns
    -------
    matplotlib Axes
        Filled: the set. Outlined: what is feasible. Dots: the stage payoffs, where there is one
        stage. Dashed: the lowest payoff of each player in the set.

    Raises
    ------
    InvalidShapeError
        The game has not two players.
    MissingDependencyError
        matplotlib is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.RepeatedGame(bg.ally_game(2, benefit=2, cost=1, parallelism=0), "3/5")
    >>> bg.plot_payoff_set(bg.subgame_perfect_payoffs(game)).get_xlabel()
    'ally 1'
    """
    check_type(payoffs, PayoffSet, "payoffs")
    repeated = payoffs.repeated
    if repeated.n_players != 2:
        message = (
            f"payoffs is of {counted(repeated.n_players, 'player')}; only those of two can be "
            "drawn in a plane"
        )
        raise InvalidShapeError(message)
    _, drawn = new_axes(axes, width=4.6, height=4.6)
    _outline(drawn, feasible_payoffs(repeated).vertices)
    if len(repeated.stages) == 1 and repeated.stages[0].n_profiles <= _MOST_STAGE_PAYOFFS:
        stage = repeated.stages[0].payoffs.reshape(2, -1)
        drawn.plot(*stage, "o", color=BLACK, markersize=3.5, label="stage payoffs")
    vertices = payoffs.vertices
    if len(vertices) > 2:
        drawn.fill(*vertices.T, facecolor=BLUE, alpha=0.3, edgecolor="none")
    if len(vertices):
        ring = np.vstack([vertices, vertices[:1]])
        drawn.plot(*ring.T, "o-", color=BLUE, markersize=5, label="equilibrium payoffs")
        drawn.axvline(float(payoffs.threats[0]), color=VERMILION, linestyle="--", linewidth=1)
        drawn.axhline(
            float(payoffs.threats[1]),
            color=VERMILION,
            linestyle="--",
            linewidth=1,
            label="lowest equilibrium payoff",
        )
    else:
        drawn.set_title("no equilibrium in pure actions", loc="right", color=GREY)
    drawn.set_xlabel(repeated.players[0])
    drawn.set_ylabel(repeated.players[1])
    drawn.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=2)
    if title:
        drawn.set_title(title, loc="left")
    return drawn


def _outline(axes: Axes, vertices: NDArray[np.float64]) -> None:
    ring = np.vstack([vertices, vertices[:1]])
    axes.plot(*ring.T, color=GREY, linewidth=1.2, label="feasible")
