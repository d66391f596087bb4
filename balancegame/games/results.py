"""What a solver returns: the equilibria, and what is known about the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, final, overload, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import check_count, check_place
from balancegame.certificates.certificate import Certificate
from balancegame.games import result_rendering
from balancegame.games.as_json import AsJson
from balancegame.games.blockings import Blockings
from balancegame.games.equilibrium import Equilibrium
from balancegame.games.latex import equilibria_latex
from balancegame.games.normal_form import NormalFormGame

if TYPE_CHECKING:
    import pandas as pd


Floats = NDArray[np.float64]
Components = tuple[tuple[tuple[Floats, ...], ...], ...]


class Evidence(Protocol):
    """What a solver keeps of its search, enough to write a certificate from."""

    def certificate(self, result: NashResult) -> Certificate | None:
        """The certificate that a result is complete, if one can hold all of the proof."""
        ...


@runtime_checkable
class Refinable(Protocol):
    """A list of equilibria that can be had to more digits."""

    def refined(self, digits: int) -> Sequence[Equilibrium]:
        """The same list, approximated to so many decimal digits."""
        ...


@final
class NashResult(AsJson, Sequence[Equilibrium]):
    """The equilibria a solver found: a frozen sequence of `Equilibrium`.

    Pure ones come first, in lexicographic order of action indices; then mixed ones, by support,
    then profile.

    Attributes
    ----------
    game : NormalFormGame
    method : str
        The algorithm, by its name in the literature.
    parameters : mapping
        The options as they were used.
    complete : bool
        Whether the list is proven to hold every equilibrium the function speaks of.
    reason : str
        Why it is complete, or why it is not known to be.
    degenerate : bool or None
        Whether the game is degenerate; None where the method does not decide it.
    components : tuple or None
        Connected components of the equilibrium set, each a tuple of maximal Nash subsets, each of
        those one (k_i, m_i) array of vertices a player; None where the method does not find them.
        Every mixture of a subset's vertices, player by player, is an equilibrium.
    component_indices : tuple of int or None
        The index of each component (Ritzberger 1994); they sum to 1. A component of index other
        than 0 survives every small change of payoffs.
    membership : tuple of int or None
        The component each equilibrium lies in.
    unresolved : tuple
        Regions of profiles that could hold further equilibria; empty if none is known.
    pure_only : bool
        Whether only pure equilibria were looked for.
    kind : str
        What the equilibria are: "Nash", "strong", "3-strong", "coalition-proof" and so on.
    blocked : Blockings or None
        The pure equilibria that a coalition leaves, with its joint move and gains; None where
        joint moves were not asked about.
    """

    def __init__(
        self,
        game: NormalFormGame,
        equilibria: Sequence[Equilibrium],
        *,
        method: str,
        complete: bool,
        reason: str,
        parameters: Mapping[str, Any] | None = None,
        degenerate: bool | None = None,
        components: Components | None = None,
        component_indices: tuple[int, ...] | None = None,
        membership: tuple[int, ...] | None = None,
        evidence: Evidence | None = None,
        unresolved: tuple[Any, ...] = (),
        pure_only: bool = False,
        kind: str = "Nash",
        blocked: Blockings | None = None,
    ) -> None:
        if complete and not pure_only and not len(equilibria):
            message = "a complete list without an equilibrium: that refutes Nash (1950)"
            raise AssertionError(message)
        set_field = object.__setattr__
        set_field(self, "game", game)
        set_field(self, "_found", equilibria)
        set_field(self, "method", method)
        set_field(self, "complete", complete)
        set_field(self, "reason", reason)
        set_field(self, "parameters", MappingProxyType(dict(parameters or {})))
        set_field(self, "degenerate", degenerate)
        set_field(self, "components", components)
        set_field(self, "component_indices", component_indices)
        set_field(self, "membership", membership)
        set_field(self, "_evidence", evidence)
        set_field(self, "unresolved", unresolved)
        set_field(self, "pure_only", pure_only)
        set_field(self, "kind", kind)
        set_field(self, "blocked", blocked)

    game: NormalFormGame
    method: str
    complete: bool
    reason: str
    parameters: Mapping[str, Any]
    degenerate: bool | None
    components: Components | None
    component_indices: tuple[int, ...] | None
    membership: tuple[int, ...] | None
    unresolved: tuple[Any, ...]
    pure_only: bool
    kind: str
    blocked: Blockings | None
    _found: Sequence[Equilibrium]
    _evidence: Evidence | None

    @property
    def equilibria(self) -> tuple[Equilibrium, ...]:
        """All equilibria at once; indexing or iterating over the result builds one at a time."""
        return tuple(self._found)

    @property
    def certificate(self) -> Certificate | None:
        """Evidence that can be re-checked without a solver, written out anew at every call.

        None where the method leaves none, or the list is not complete; pure equilibria alone are
        their own certificate, see `Equilibrium.deviations`. See docs/certificates.md.
        """
        return None if self._evidence is None else self._evidence.certificate(self)

    def refine(self, digits: int) -> NashResult:
        """The same equilibria, with rational approximations to so many decimal digits.

        Parameters
        ----------
        digits : int
            At least 0. Every equilibrium that is not exact gets an `approximation` within an
            `error_bound` of at most ``10 ** -digits``. Exact ones stay as they are, and so do
            profiles accepted by a tolerance, which no number of digits makes equilibria.

        Returns
        -------
        NashResult
            A new result. Beyond 300 digits the bound is smaller than floats can say.

        Raises
        ------
        InvalidParameterError
            `digits` below 0.

        Notes
        -----
        Newton's method in integers; the bound is proven as that of the search. A hundred digits
        take some milliseconds an equilibrium.

        Examples
        --------
        >>> import balancegame as bg
        >>> cycle = [[[0, 0], [2, 3]], [[1, 4], [0, 0]]]
        >>> game = bg.NormalFormGame([cycle, [[[2, 0], [0, 1]], [[0, 3], [1, 0]]],
        ...     [[[1, 0], [0, 2]], [[0, 1], [3, 0]]]])
        >>> mixed = bg.nash_equilibria(game).refine(30)[-1]
        >>> mixed.exact is not None or mixed.error_bound <= 1e-30
        True
        """
        digits = check_count(digits, "digits", 0)
        if not isinstance(self._found, Refinable):
            return self
        return _rebuild(self.game, self._found.refined(digits), self._options())

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, index: int) -> Equilibrium: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Equilibrium]: ...
    def __getitem__(self, index: int | slice) -> Equilibrium | Sequence[Equilibrium]:
        if isinstance(index, slice):
            return self._found[index]
        return self._found[check_place(index, len(self._found), "equilibrium")]

    def __iter__(self) -> Iterator[Equilibrium]:
        return iter(self._found)

    def to_frame(self) -> pd.DataFrame:
        """A tidy table: one row per equilibrium, player and action played.

        Returns
        -------
        pandas.DataFrame
            Columns equilibrium (place in the list), player, action, probability, payoff (the
            player's), best_deviation and loss (None and NaN where he has no other action),
            margin (the equilibrium's).

        Examples
        --------
        >>> import balancegame as bg
        >>> game = bg.NormalFormGame.from_arrays([[2, 0], [0, 1]], [[2, 0], [0, 1]])
        >>> frame = bg.pure_nash(game).to_frame()
        >>> frame.loc[:, ["equilibrium", "player", "action", "payoff", "loss"]]
           equilibrium    player action  payoff  loss
        0            0  player 0     a0     2.0   2.0
        1            0  player 1     a0     2.0   2.0
        2            1  player 0     a1     1.0   1.0
        3            1  player 1     a1     1.0   1.0
        """
        import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

        rows = [
            {
                "equilibrium": place,
                "player": player,
                "action": names[a],
                "probability": float(part[a]),
                "payoff": float(payoff),
                "best_deviation": None if best is None else best.action,
                "loss": float("nan") if best is None else best.loss,
                "margin": found.margin,
            }
            for place, found in enumerate(self)
            for player, names, part, payoff, best, support in zip(
                found.players,
                found.action_names,
                found.profile,
                found.payoffs,
                found.deviations,
                found.support,
                strict=True,
            )
            for a in support
        ]
        columns = ["equilibrium", "player", "action", "probability", "payoff"]
        columns += ["best_deviation", "loss", "margin"]
        return pd.DataFrame(rows, columns=columns)

    def to_latex(self, *, caption: str | None = None, label: str | None = None) -> str:
        r"""All equilibria as a LaTeX table (package booktabs), payoffs in brackets.

        Parameters
        ----------
        caption : str, optional
            Default: what `print` says first.
        label : str, optional
            For ``\ref``.
        """
        text = result_rendering.caption_of(self) if caption is None else caption
        return equilibria_latex(list(self), text, label, players=self.game.n_players)

    def to_dict(self) -> dict[str, Any]:
        """The result in plain types, ready for JSON."""
        return {
            "method": self.method,
            "parameters": dict(self.parameters),
            "complete": self.complete,
            "reason": self.reason,
            "pure_only": self.pure_only,
            "kind": self.kind,
            "degenerate": self.degenerate,
            "players": self.game.players,
            "actions": self.game.actions,
            "equilibria": [found.to_dict() for found in self],
            "components": None
            if self.components is None
            else [
                [[vertices.tolist() for vertices in subset] for subset in component]
                for component in self.components
            ],
            "component_indices": self.component_indices,
            "membership": self.membership,
            "unresolved": [
                [vertices.tolist() for vertices in region] for region in self.unresolved
            ],
            "blocked": None if self.blocked is None else [one.to_dict() for one in self.blocked],
        }

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a NashResult is frozen; {name!r} cannot be set"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        message = f"a NashResult is frozen; {name!r} cannot be deleted"
        raise AttributeError(message)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NashResult):
            return NotImplemented
        return self.to_dict() == other.to_dict() and self.game == other.game

    def __hash__(self) -> int:
        return hash((self.method, len(self)))

    def _options(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "complete": self.complete,
            "reason": self.reason,
            "parameters": dict(self.parameters),
            "degenerate": self.degenerate,
            "components": self.components,
            "component_indices": self.component_indices,
            "membership": self.membership,
            "evidence": self._evidence,
            "unresolved": self.unresolved,
            "pure_only": self.pure_only,
            "kind": self.kind,
            "blocked": self.blocked,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.game, self._found, self._options())

    def __repr__(self) -> str:
        return result_rendering.result_text(self)

    def _repr_html_(self) -> str:
        return result_rendering.result_html(self)


def _rebuild(
    game: NormalFormGame, found: Sequence[Equilibrium], options: dict[str, Any]
) -> NashResult:
    return NashResult(game, found, **options)
