"""How all equilibria of a game move, appear and vanish along one parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from balancegame._checks import check_line
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame.analysis.along_line import built
from balancegame.errors import InvalidTypeError
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.solvers.nash import nash_equilibria

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    "equilibrium",
    "support",
    "index",
    "complete",
    "player",
    "action",
    "probability",
    "payoff",
)


def equilibrium_branches(
    build: Callable[[Any], NormalFormGame],
    values: Iterable[Any],
    *,
    parameter: str = "parameter",
    max_equilibria: int | None = None,
) -> pd.DataFrame:
    """All Nash equilibria, pure and mixed, for each value of a parameter.

    Parameters
    ----------
    build : callable
        From a value to the game. Exact payoffs (`fractions.Fraction`) put bifurcations, which are
        ties, exactly where they are; floats count at their binary values.
    values : iterable
    parameter : str
        The name of the column of values.
    max_equilibria : int, optional
        Of one game; as for `nash_equilibria`.

    Returns
    -------
    pandas.DataFrame
        A row for each value, equilibrium, player and action. Columns: the parameter; equilibrium,
        its place in the list of `nash_equilibria`; support, the actions each player uses; index,
        Shapley's (1974), mostly 1 or -1 (of two equilibria that appear together one has each, and
        0 where they do), missing where ties leave it undefined; complete, whether these are all;
        player, action, probability; payoff, the player's. Of a continuum its extreme equilibria
        are listed.

    Raises
    ------
    InvalidTypeError
        `build` cannot be called or gives something else than a game, or `values` is no sequence.
        Also what `nash_equilibria` raises.
    MeasureError
        `build` failed at a value; the message names it.

    See Also
    --------
    plot_bifurcation : draws the table.
    sweep : over two and more parameters.

    Examples
    --------
    In a stag hunt that pays `reward` to two hunters and 1 to whoever stays at home, hunting is an
    equilibrium from a reward of 1 on, and the mixed one sets its basin apart:

    >>> from fractions import Fraction
    >>> import balancegame as bg
    >>> def hunt(reward):
    ...     return bg.NormalFormGame([[[reward, 0], [1, 1]], [[reward, 1], [0, 1]]])
    >>> table = bg.equilibrium_branches(hunt, [Fraction(1, 2), 2, 4], parameter="reward")
    >>> first = table[::4]  # of player 0, hunting
    >>> first[["reward", "equilibrium", "index", "probability"]]
       reward  equilibrium  index  probability
    0     1/2            0      1         0.00
    4       2            0      1         1.00
    8       2            1      1         0.00
    12      2            2     -1         0.50
    16      4            0      1         1.00
    20      4            1      1         0.00
    24      4            2     -1         0.25
    """
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    given = check_line(build, values, "a game")
    rows: list[dict[str, Any]] = []
    for done, value in enumerate(given):
        report("games along the parameter", done, len(given))
        game = built(build, value, parameter)
        if not isinstance(game, NormalFormGame):  # pyright: ignore[reportUnnecessaryIsInstance]
            message = f"build gives {shorten(type(game).__name__)}; it must give a NormalFormGame"
            raise InvalidTypeError(message)
        found = nash_equilibria(game, max_equilibria=max_equilibria)
        rows.extend({parameter: value, **row} for row in _rows(found))
    table = pd.DataFrame(rows, columns=[parameter, *_COLUMNS])
    return table.astype({"index": "Int64"})


def _rows(result: NashResult) -> Iterator[dict[str, Any]]:
    for place, one in enumerate(result):
        support = _support(one)
        for i, player in enumerate(one.players):
            for action, probability in zip(
                one.action_names[i], one.profile[i].tolist(), strict=True
            ):
                yield {
                    "equilibrium": place,
                    "support": support,
                    "index": one.index,
                    "complete": result.complete,
                    "player": player,
                    "action": action,
                    "probability": probability,
                    "payoff": float(one.payoffs[i]),
                }


def _support(one: Equilibrium) -> str:
    """The actions that each player uses, players apart by commas."""
    return ", ".join(
        " + ".join(names[a] for a in used)
        for names, used in zip(one.action_names, one.support, strict=True)
    )
