"""Worlds and games as networkx graphs, for whatever networkx does with graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from balancegame._checks import check_flag, check_type
from balancegame._numbers import shorten
from balancegame.errors import (
    InvalidTypeError,
    MissingDependencyError,
    TooManyProfilesError,
)
from balancegame.games.alignment import AlignmentGame
from balancegame.games.deviations import own_payoffs
from balancegame.games.normal_form import NormalFormGame
from balancegame.world.world import World

if TYPE_CHECKING:
    import networkx as nx

_MOST_PROFILES = 20_000

Move = tuple[tuple[int, ...], tuple[int, ...], int, float]
"""From a profile of action indices to another, by a player, with his gain."""


def to_networkx(subject: World | AlignmentGame) -> nx.Graph[str]:
    """States as nodes, and what ties or divides them as weighted edges.

    Parameters
    ----------
    subject : World or AlignmentGame

    Returns
    -------
    networkx.Graph
        Of a World: nodes have ``power``, ``share``, ``exposure`` and ``threat`` (whether it is
        the threat), edges ``weight``, the parallelism. Of an AlignmentGame: nodes have ``size``,
        edges ``weight``, the propensity, and ``coupling``. Pairs of weight 0 have no edge. The
        graph's ``title`` is the subject's.

    Raises
    ------
    InvalidTypeError
        Something else; `best_response_graph` makes a graph of a NormalFormGame.
    MissingDependencyError
        networkx is not installed.

    Examples
    --------
    >>> import balancegame as bg
    >>> graph = bg.to_networkx(bg.load_scenario("europe-1938"))
    >>> graph.nodes["Germany"]["threat"], graph.number_of_edges()
    (True, 21)
    """
    networkx = _networkx()
    if isinstance(subject, World):
        nodes = [
            (name, {"power": p, "share": s, "exposure": e, "threat": name == subject.threat})
            for name, p, s, e in zip(
                subject.names,
                subject.power.tolist(),
                subject.shares.tolist(),
                subject.exposure.tolist(),
                strict=True,
            )
        ]
        weights = {"weight": subject.parallelism}
    elif isinstance(subject, AlignmentGame):  # pyright: ignore[reportUnnecessaryIsInstance]
        sizes = zip(subject.names, subject.size.tolist(), strict=True)
        nodes = [(name, {"size": size}) for name, size in sizes]
        weights = {"weight": subject.propensity, "coupling": subject.couplings}
    else:
        message = f"subject is {shorten(subject)}; it must be a World or an AlignmentGame"
        if isinstance(subject, NormalFormGame):
            message += "; best_response_graph makes a graph of a game's profiles"
        raise InvalidTypeError(message)
    graph = networkx.Graph(title=subject.title)
    graph.add_nodes_from(nodes)
    for i, j in zip(*np.nonzero(np.triu(weights["weight"], 1)), strict=True):
        found = {word: float(values[i, j]) for word, values in weights.items()}
        graph.add_edge(subject.names[i], subject.names[j], **found)
    return graph


def best_response_graph(
    game: NormalFormGame, *, better: bool = False
) -> nx.DiGraph[tuple[str, ...]]:
    """Pure profiles as nodes, and single players' strict improvements as arrows.

    Parameters
    ----------
    game : NormalFormGame
        Of at most 20,000 pure profiles.
    better : bool, optional
        False: moves to best responses only, all of them where several are best. True: to every
        action that pays the player more.

    Returns
    -------
    networkx.DiGraph
        Nodes are tuples of action names, with ``payoffs`` and ``equilibrium`` (a pure Nash
        equilibrium: no arrow leaves it, whatever `better`). Arrows have ``player`` and ``gain``.
        Payoffs are compared exactly as stored.

    Raises
    ------
    InvalidTypeError
        No NormalFormGame.
    TooManyProfilesError
        More pure profiles than that.
    MissingDependencyError
        networkx is not installed.

    Notes
    -----
    Without cycles every sequence of such moves ends in an equilibrium (Milchtaich 1996: the
    finite improvement property is that of `better=True`).

    References
    ----------
    D. Monderer and L. S. Shapley (1996), "Potential games", Games and Economic Behavior 14,
    124-143.
    I. Milchtaich (1996), "Congestion games with player-specific payoff functions", Games and
    Economic Behavior 13, 111-124.

    Examples
    --------
    >>> import balancegame as bg
    >>> hunt = bg.NormalFormGame.from_arrays(
    ...     [[4, 1], [3, 3]], [[4, 3], [1, 3]], actions=["stag", "hare"]
    ... )
    >>> graph = bg.best_response_graph(hunt)
    >>> [profile for profile, found in graph.nodes(data="equilibrium") if found]
    [('stag', 'stag'), ('hare', 'hare')]
    >>> graph["stag", "hare"]["hare", "hare"]
    {'player': 'player 0', 'gain': 2.0}
    """
    networkx = _networkx()
    check_type(game, NormalFormGame, "game")
    if game.n_profiles > _MOST_PROFILES:
        message = (
            f"the game has {game.n_profiles:,} pure profiles; a graph is made of at most "
            f"{_MOST_PROFILES:,}: pure_nash finds the equilibria of larger games"
        )
        raise TooManyProfilesError(message)
    moves = list(improvements(game, better=check_flag(better, "better")))
    left = {source for source, *_ in moves}
    names = {
        profile: tuple(own[a] for own, a in zip(game.actions, profile, strict=True))
        for profile in np.ndindex(*game.shape)
    }
    graph = networkx.DiGraph(title=game.title)
    for profile, name in names.items():
        payoffs: list[float] = game.payoffs[(slice(None), *profile)].tolist()
        graph.add_node(name, payoffs=tuple(payoffs), equilibrium=profile not in left)
    for source, target, player, gain in moves:
        graph.add_edge(names[source], names[target], player=game.players[player], gain=gain)
    return graph


def improvements(game: NormalFormGame, *, better: bool) -> Iterator[Move]:
    """Single players' moves to strictly better actions, or to best ones only, in table order."""
    for profile in np.ndindex(*game.shape):
        for i, chosen in enumerate(profile):
            values: list[Any] = own_payoffs(game, i, profile).tolist()
            most = max(values)
            for a, value in enumerate(values):
                if value > values[chosen] and (better or value == most):
                    target = (*profile[:i], a, *profile[i + 1 :])
                    yield profile, target, i, float(value - values[chosen])


def _networkx() -> Any:
    try:
        import networkx  # noqa: PLC0415 (an extra, slow to import)
    except ImportError:
        message = (
            "graphs need networkx, which is not installed; "
            "\"pip install 'balancegame[plot]'\" brings it"
        )
        raise MissingDependencyError(message) from None
    return networkx
