"""Treaties: who must do what in which contingency, and what follows a breach.

"An alliance creates a formal obligation to act in a precise way in defined contingencies." In a
repeated game that is a profile of strategies; it holds if no state ever gains by breaking it, which
is a question of how patient the states are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, final

import numpy as np

from balancegame._checks import check_known
from balancegame._numbers import Number
from balancegame.alliances import treaty_automaton, treaty_discount, treaty_json, treaty_rendering
from balancegame.alliances.breach import Breach, Exclusion, Penance, Reversion
from balancegame.alliances.treaty_automaton import Terms
from balancegame.alliances.treaty_input import Obligations, read_terms
from balancegame.errors import InvalidTypeError, UnknownScopeError
from balancegame.games import plain_types
from balancegame.games.as_json import AsJson
from balancegame.games.automaton import Automaton
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.play_path import PlayPath
from balancegame.games.repeated_game import Contingency, Discounts, RepeatedGame
from balancegame.solvers.repeated.critical_discount_result import CriticalDiscount
from balancegame.solvers.repeated.one_shot_deviations import (
    OneShotDeviations,
    one_shot_deviations,
)

_CHECKS = ("all", "members")


@final
class Treaty(AsJson):
    """A treaty between some players of a repeated game; immutable.

    Parameters
    ----------
    members : sequence of str
    contingencies : NormalFormGame or sequence of Contingency
        One of which is drawn each period, publicly.
    obligations : mapping {contingency: {member: action}}, or {member: action}
        What members must do; the second form, in every contingency.
    breach : Reversion, Exclusion or Penance, optional
        What follows when a member, alone, does not; by default reversion to its own worst
        equilibrium of each stage. Members are bound by their obligations only, not by the default.
    default : mapping {contingency: {player: action}}, {player: action}, or action, optional
        What everybody plays who is not obliged, members whose obligations have lapsed included;
        and what a member plays who cannot honour its obligation. The last form speaks for all who
        have an action of that name.
    beneficiaries : mapping {contingency: player}, optional
        Whom a contingency concerns: obligations in it lapse once he is excluded.
    reliability : number in [0, 1], or mapping {member: number}
        How likely a member is to be able to honour an obligation; by default 1. Nature decides
        anew each time, for each member by itself.
    failures : {"excused", "breach"}
        Whether all can tell that a member was not able, and take it for no breach; or see only
        what was done. Excused failures lower what the treaty is worth, breaches end it as well.
    title : str, optional

    Raises
    ------
    UnknownPlayerError, UnknownContingencyError, UnknownActionError, UnknownFailureError
        A name that is not there; the message offers the nearest.
    InvalidParameterError
        An obligation of who is no member; or reversion to equilibria where there are none.
    InvalidProbabilityError
        Probabilities that do not sum to 1, or a reliability outside [0, 1].
    InvalidShapeError
        Somebody who has neither an obligation nor a default.
    TableTooLargeError
        Exclusion among more than 12 members, or penance of thousands of periods.

    Notes
    -----
    A member who is able decides knowing that it is, and not knowing whether the others are. With
    reliability 0 it never decides. With failures as breaches, one failure is a breach by the member
    who failed, and two at once, or one together with somebody's deviation, change nothing.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.ally_game(2, benefit=2, cost=1, parallelism=0, names=["France", "Russia"])
    >>> treaty = bg.Treaty(["France", "Russia"], game, {"France": "help", "Russia": "help"})
    >>> treaty
    Treaty of France, Russia (reversion to the violator's worst equilibrium)
      contingency  chance  obliged                     otherwise
      always       1       France: help, Russia: help
    >>> treaty.critical_discount().exact, treaty.is_self_enforcing("1/3")
    (Fraction(1, 2), False)
    """

    __slots__ = ("_automaton", "_breach", "_terms", "_title")

    _automaton: Automaton
    _breach: Breach
    _terms: Terms
    _title: str

    def __init__(
        self,
        members: Sequence[str],
        contingencies: NormalFormGame | Sequence[Contingency],
        obligations: Obligations,
        breach: Breach | None = None,
        default: Obligations | str | None = None,
        *,
        beneficiaries: Mapping[str, str] | None = None,
        reliability: Number | Mapping[str, Number] = 1,
        failures: str = "excused",
        title: str = "",
    ) -> None:
        terms = read_terms(
            members,
            contingencies,
            obligations,
            default,
            beneficiaries=beneficiaries or {},
            reliability=reliability,
            failures=failures,
        )
        rule = Reversion() if breach is None else breach
        if not isinstance(rule, Reversion | Exclusion | Penance):  # pyright: ignore[reportUnnecessaryIsInstance]
            message = (
                f"breach is a {type(rule).__name__}; give bg.reversion(), bg.exclusion(action) or "
                "bg.penance(periods, violator=..., others=...)"
            )
            raise InvalidTypeError(message)
        self._fill(terms, rule, title or "Treaty")

    def _fill(self, terms: Terms, breach: Breach, title: str) -> None:
        object.__setattr__(self, "_terms", terms)
        object.__setattr__(self, "_breach", breach)
        object.__setattr__(self, "_title", title)
        object.__setattr__(self, "_automaton", treaty_automaton.build(terms, breach, title))

    @property
    def members(self) -> tuple[str, ...]:
        """The members' names."""
        return tuple(self._terms.repeated.players[i] for i in self._terms.members)

    @property
    def players(self) -> tuple[str, ...]:
        """All players of the game, members or not."""
        return self._terms.repeated.players

    @property
    def contingencies(self) -> tuple[Contingency, ...]:
        """What may be drawn each period."""
        return self._terms.repeated.contingencies

    @property
    def obligations(self) -> dict[str, dict[str, str]]:
        """``obligations[contingency][member]``: the action that is due."""
        return self._named(self._terms.obligations)

    @property
    def default(self) -> dict[str, dict[str, str]]:
        """``default[contingency][player]``: what is played by who is not obliged."""
        return self._named(self._terms.default)

    @property
    def breach(self) -> Breach:
        """What follows a breach."""
        return self._breach

    @property
    def reliability(self) -> dict[str, Fraction]:
        """How likely each member is to be able to honour an obligation."""
        return {self.players[i]: self._terms.reliability[i] for i in self._terms.members}

    @property
    def beneficiaries(self) -> dict[str, str]:
        """``beneficiaries[contingency]``: whom it concerns, if anybody."""
        concerned = zip(self.contingencies, self._terms.beneficiaries, strict=True)
        return {one.name: self.players[i] for one, i in concerned if i is not None}

    @property
    def failures(self) -> str:
        """Whether failures are "excused" or a "breach"."""
        return "excused" if self._terms.excused else "breach"

    @property
    def title(self) -> str:
        """What the treaty is called."""
        return self._title

    @property
    def automaton(self) -> Automaton:
        """The treaty as a profile of strategies; print it for its diagram."""
        return self._automaton

    def incentives(
        self,
        discount: Discounts | RepeatedGame,
        *,
        check: str = "all",
    ) -> OneShotDeviations:
        """Every one-shot deviation from the treaty, with what it gains; exactly.

        Parameters
        ----------
        discount : number, sequence of n numbers, mapping {player: number}, or RepeatedGame
            As for `one_shot_deviations`. Floats stand for their exact binary value.
        check : {"all", "members"}
            Whose deviations to look at.

        Raises
        ------
        InvalidDiscountError
            A discount factor outside [0, 1).
        UnknownScopeError
        """
        return one_shot_deviations(self._automaton, discount, players=self._checked(check))

    def is_self_enforcing(
        self,
        discount: Discounts | RepeatedGame,
        *,
        check: str = "all",
    ) -> bool:
        """Whether nobody ever gains by deviating from the treaty, before or after a breach.

        `incentives` says by how much, and has the certificate; it names parameters and errors.
        """
        return self.incentives(discount, check=check).is_subgame_perfect

    def critical_discount(self, *, check: str = "all") -> CriticalDiscount:
        """The common discount factors at which the treaty is self-enforcing.

        Parameters
        ----------
        check : {"all", "members"}
            Whose deviations count.

        Returns
        -------
        CriticalDiscount
            Exact, whatever the treaty; the set need not be an interval.

        Raises
        ------
        UnknownScopeError

        Examples
        --------
        >>> import balancegame as bg
        >>> bg.collective_security(attack=["1/3"] * 3, loss=10, cost=1).critical_discount()
        CriticalDiscount: 3/11, sustained on [3/11, 1) (exact); binding: state 2 ...
          player   alone  slack
          state 1  3/11   0
          state 2  3/11   0
          state 3  3/11   0
        """
        return treaty_discount.critical_discount(self._automaton, self._checked(check))

    def simulate(
        self,
        periods: int,
        *,
        rng: np.random.Generator | int | None = None,
        deviations: Mapping[int, Mapping[str, str | int]] | None = None,
        contingencies: Sequence[str] | None = None,
    ) -> PlayPath:
        """A path of play, with contingencies drawn and members failing at random.

        Parameters
        ----------
        periods : int
        rng : numpy Generator or seed, optional
            Without it nobody fails, and contingencies must be given unless there is only one.
        deviations : mapping {period: {player: action}}, optional
            Who breaks the treaty, and when.
        contingencies : sequence of str, optional
            What is drawn in each period.

        Returns
        -------
        PlayPath
            ``!`` marks deviations, ``?`` failures.

        Raises
        ------
        As `Automaton.path`.

        Examples
        --------
        >>> import balancegame as bg
        >>> treaty = bg.collective_security(attack=["1/2"] * 2, loss=10, cost=1)
        >>> treaty.simulate(3, contingencies=["attack on state 1", "attack on state 2",
        ...     "attack on state 1"], deviations={0: {"state 2": "withhold"}})
        PlayPath of 3 periods
          period  state            contingency        state 1   state 2    payoffs
          0       in force         attack on state 1  withhold  withhold!  -10, 0
          1       without state 2  attack on state 2  withhold  withhold   0, -10
          2       without state 2  attack on state 1  withhold  withhold   -10, 0
        """
        return self._automaton.path(
            periods, rng=rng, deviations=deviations, contingencies=contingencies
        )

    def _checked(self, check: str) -> Sequence[str] | None:
        check_known(check, _CHECKS, "check", UnknownScopeError)
        return None if check == "all" else self.members

    def _named(self, given: Sequence[Mapping[int, int]]) -> dict[str, dict[str, str]]:
        return {
            one.name: {self.players[i]: one.stage.actions[i][a] for i, a in asked.items()}
            for one, asked in zip(self.contingencies, given, strict=True)
        }

    def to_dict(self) -> dict[str, Any]:
        """The treaty's terms in plain types, ready for JSON; exact numbers as text."""
        return treaty_json.treaty_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Treaty:
        """The treaty that `to_dict` wrote; it may come from anywhere.

        Raises
        ------
        JsonFormatError
            Entries are missing or of the wrong type; also what `Treaty` raises.

        Examples
        --------
        >>> import balancegame as bg
        >>> treaty = bg.collective_security(attack=["1/3"] * 3, loss=10, cost=1)
        >>> bg.Treaty.from_dict(treaty.to_dict()) == treaty
        True
        """
        return cls(**treaty_json.read_treaty(data))

    @classmethod
    def from_json(cls, text: str) -> Treaty:
        """The treaty that `to_json` wrote; see `from_dict`."""
        return plain_types.from_text(text, cls.from_dict)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a Treaty is immutable; {name!r} cannot be set"
        raise AttributeError(message)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Treaty):
            return NotImplemented
        return (self.members, self._automaton) == (other.members, other._automaton)

    def __hash__(self) -> int:
        return hash((self.members, self._automaton))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._terms, self._breach, self._title)

    def __repr__(self) -> str:
        return treaty_rendering.text(self)

    def _repr_html_(self) -> str:
        return treaty_rendering.html(self)


def _rebuild(terms: Terms, breach: Breach, title: str) -> Treaty:
    treaty = object.__new__(Treaty)
    treaty._fill(terms, breach, title)  # pyright: ignore[reportPrivateUsage]
    return treaty
