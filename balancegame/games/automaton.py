"""Finite automata: profiles of strategies for a repeated game, written as states.

Definitions (Mailath & Samuelson 2006, section 2.3)
---------------------------------------------------
An automaton is always in one of finitely many *states*. A state says which profile is played in
each contingency; the state, the contingency and what was played decide which state follows. Since
everybody sees all of these, everybody knows the state. Any profile of pure strategies that needs
to remember finitely many things only can be written like this.

Most rules speak of *deviators*: where all play their part, one state *follows*; where one player
alone leaves it, another may; what several do at once is a rule of its own, by default none. Such
rules take space for the players' own actions, not for all profiles.

A player may also *slip*: with some probability he plays something else than he means to, without
having a choice. What follows goes by what was played, or, where slips are *excused*, by what was
meant, which then is public.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

from balancegame._checks import check_known
from balancegame.errors import UnknownAutomatonStateError, UnknownContingencyError
from balancegame.games import automaton_input, automaton_json, automaton_rendering, plain_types
from balancegame.games.as_json import AsJson
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.repeated_game import Contingency, RepeatedGame
from balancegame.games.situation import Outcome, Situation

if TYPE_CHECKING:
    import numpy as np

    from balancegame.games.automaton_input import PlayInput, Slip, TransitionInput
    from balancegame.games.play_path import PlayPath


@final
class Automaton(AsJson):
    """A finite automaton: a profile of strategies for a repeated game; immutable.

    Parameters
    ----------
    stage : NormalFormGame or sequence of Contingency
        What is played each period, as for `RepeatedGame`.
    play : mapping {state: profile} or {state: {contingency: profile}}
        Pure actions, by name or index. The keys are the states' names, in order.
    transitions : mapping or callable
        ``{state: rule}`` or ``{state: {contingency: rule}}``; a rule is the name of the state that
        follows whatever is played, or `Moves`. A state or contingency left out stays. Or in full:
        ``{(state, profile): state}``, ``{(state, contingency, profile): state}``, or a function of
        state, contingency and profile (a tuple of action names), which is asked about every
        profile once, at once. The contingency of a single stage game is called ``"always"``.
    initial : str, optional
        The state of the first period; by default the first of `play`.
    slips : mapping {contingency: sequence of Slip}, optional
        Or one sequence for all contingencies. A slip matters where the player is to play something
        else than the action he slips to.
    excused : bool
        Whether what follows goes by what was meant rather than by what was played.
    title : str, optional

    Raises
    ------
    UnknownAutomatonStateError, UnknownContingencyError, UnknownPlayerError, UnknownActionError
        A name that is not there; the message offers the nearest.
    InvalidShapeError
        A state without play in some contingency, or a table without some profile.
    InvalidTypeError
        Transitions that cannot be read, or a function that does not take the three arguments.

    Examples
    --------
    >>> import balancegame as bg
    >>> dilemma = bg.NormalFormGame.from_arrays(
    ...     [[2, 0], [3, 1]], [[2, 3], [0, 1]],
    ...     players=["A", "B"], actions=["help", "withhold"],
    ... )
    >>> automaton = bg.Automaton(
    ...     dilemma,
    ...     play={"trust": ("help", "help"), "feud": ("withhold", "withhold")},
    ...     transitions={"trust": bg.Moves(deviators="feud", several="feud")},
    ... )
    >>> automaton
    Automaton of 2 states, starting in trust
      state  plays               then
      trust  help, help          stays; a deviation -> feud
      feud   withhold, withhold  stays
    """

    __slots__ = (
        "_contingencies", "_excused", "_initial", "_probabilities", "_situations", "_states",
        "_title",
    )  # fmt: skip

    _contingencies: tuple[Contingency, ...]
    _probabilities: tuple[Fraction, ...]
    _states: tuple[str, ...]
    _situations: tuple[tuple[Situation, ...], ...]
    _initial: int
    _excused: bool
    _title: str

    def __init__(
        self,
        stage: NormalFormGame | Sequence[Contingency],
        play: PlayInput,
        transitions: TransitionInput,
        *,
        initial: str | None = None,
        slips: Mapping[str, Sequence[Slip]] | Sequence[Slip] = (),
        excused: bool = False,
        title: str = "",
    ) -> None:
        repeated = RepeatedGame(stage, 0)
        read = automaton_input.read(repeated.contingencies, play, transitions, slips)
        states = tuple(read)
        start = states[0] if initial is None else initial
        place = states.index(check_known(start, states, "state", UnknownAutomatonStateError))
        self._fill(repeated, states, tuple(read.values()), place, excused=excused, title=title)

    def _fill(
        self,
        repeated: RepeatedGame,
        states: tuple[str, ...],
        situations: tuple[tuple[Situation, ...], ...],
        initial: int,
        *,
        excused: bool,
        title: str,
    ) -> None:
        for name, value in (
            ("_contingencies", repeated.contingencies),
            ("_probabilities", repeated.probabilities),
            ("_states", states),
            ("_situations", situations),
            ("_initial", initial),
            ("_excused", excused),
            ("_title", title),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def from_situations(
        cls,
        contingencies: Sequence[Contingency],
        situations: Mapping[str, Sequence[Situation]],
        *,
        initial: int = 0,
        excused: bool = False,
        title: str = "",
    ) -> Automaton:
        """Build an automaton from situations, one a contingency for each state, unchecked."""
        automaton = object.__new__(cls)
        automaton._fill(
            RepeatedGame(contingencies, 0),
            tuple(situations),
            tuple(map(tuple, situations.values())),
            initial,
            excused=excused,
            title=title,
        )
        return automaton

    @property
    def contingencies(self) -> tuple[Contingency, ...]:
        """What may be drawn each period; of a single stage game, one called "always"."""
        return self._contingencies

    @property
    def stages(self) -> tuple[NormalFormGame, ...]:
        """The stage games, in the order of the contingencies."""
        return tuple(one.stage for one in self._contingencies)

    @property
    def probabilities(self) -> tuple[Fraction, ...]:
        """Those of the contingencies, exactly."""
        return self._probabilities

    @property
    def players(self) -> tuple[str, ...]:
        """The players' names."""
        return self._contingencies[0].stage.players

    @property
    def states(self) -> tuple[str, ...]:
        """The states' names."""
        return self._states

    @property
    def initial(self) -> str:
        """The state of the first period."""
        return self._states[self._initial]

    @property
    def title(self) -> str:
        """What the automaton is called; may be empty."""
        return self._title

    @property
    def excused(self) -> bool:
        """Whether what follows goes by what was meant where a player slips."""
        return self._excused

    @property
    def situations(self) -> tuple[tuple[Situation, ...], ...]:
        """``situations[state][contingency]``, by index."""
        return self._situations

    def plays(self, state: str, contingency: str | None = None) -> tuple[str, ...]:
        """The actions a state prescribes, by name."""
        s, w = self.state_index(state), self.contingency_index(contingency)
        stage = self._contingencies[w].stage
        cell = self._situations[s][w].profile
        return tuple(names[a] for names, a in zip(stage.actions, cell, strict=True))

    def state_index(self, state: str) -> int:
        """The place of a state."""
        return self._states.index(
            check_known(state, self._states, "state", UnknownAutomatonStateError)
        )

    def contingency_index(self, contingency: str | None) -> int:
        """The place of a contingency; None where there is only one."""
        names = [one.name for one in self._contingencies]
        if contingency is None and len(names) == 1:
            return 0
        return names.index(check_known(contingency, names, "contingency", UnknownContingencyError))

    def outcomes(
        self, state: int, contingency: int, player: int | None = None, action: int | None = None
    ) -> Iterator[Outcome]:
        """What may happen in a state and contingency, by index: see `Situation.outcomes`."""
        return self._situations[state][contingency].outcomes(player, action, excused=self._excused)

    def has_choice(self, state: int, contingency: int, player: int) -> bool:
        """Whether a player is ever free there: not if he slips for sure."""
        return self._situations[state][contingency].has_choice(player)

    def successors(self, state: int) -> tuple[int, ...]:
        """The states that may follow one, whatever is played there, in order."""
        return tuple(sorted(set[int]().union(*(one.successors for one in self._situations[state]))))

    @property
    def reachable(self) -> tuple[str, ...]:
        """The states that some play leads to from the initial one, in the order of `states`."""
        found, waiting = {self._initial}, [self._initial]
        while waiting:
            new = set(self.successors(waiting.pop())) - found
            found |= new
            waiting += new
        return tuple(self._states[s] for s in sorted(found))

    def path(
        self,
        periods: int,
        *,
        deviations: Mapping[int, Mapping[str, str | int]] | None = None,
        contingencies: Sequence[str] | None = None,
        rng: np.random.Generator | int | None = None,
    ) -> PlayPath:
        """The path of play over some periods.

        Parameters
        ----------
        periods : int
            From 1 to 1,000,000.
        deviations : mapping {period: {player: action}}, optional
            Who plays something else than he is to, and when; periods count from 0.
        contingencies : sequence of str, optional
            What is drawn in each period.
        rng : numpy Generator or seed, optional
            Draws contingencies, where these are not given, and slips. Without it nobody slips.

        Returns
        -------
        PlayPath
            A sequence of `Period`.

        Raises
        ------
        InvalidParameterError
            Several contingencies, and neither a sequence of them nor `rng`.
        UnknownContingencyError, UnknownPlayerError, UnknownActionError

        Examples
        --------
        >>> import balancegame as bg
        >>> dilemma = bg.NormalFormGame.from_arrays(
        ...     [[2, 0], [3, 1]], [[2, 3], [0, 1]],
        ...     players=["A", "B"], actions=["help", "withhold"],
        ... )
        >>> bg.tit_for_tat(dilemma).path(4, deviations={1: {"B": "withhold"}})
        PlayPath of 4 periods
          period  state             A         B          payoffs
          0       help, help        help      help       2, 2
          1       help, help        help      withhold!  0, 3
          2       withhold, help    withhold  help       3, 0
          3       help, withhold    help      withhold   0, 3
        """
        from balancegame.games.play_path import follow  # noqa: PLC0415 (a cycle: it plays this)

        return follow(
            self, periods, deviations=deviations or {}, contingencies=contingencies, rng=rng
        )

    def to_dot(self) -> str:
        """The automaton as a directed graph in the DOT language of Graphviz."""
        return automaton_rendering.dot(self)

    def edges(self) -> tuple[automaton_rendering.Edge, ...]:
        """What leads from state to state: see `balancegame.games.automaton_rendering.Edge`."""
        return automaton_rendering.edges(self)

    def to_dict(self) -> dict[str, Any]:
        """The automaton in plain types, ready for JSON; exact numbers as text."""
        return automaton_json.automaton_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Automaton:
        """The automaton that `to_dict` wrote; it may come from anywhere.

        Raises
        ------
        JsonFormatError
            Entries are missing or of the wrong type; also what `Automaton` raises.

        Examples
        --------
        >>> import balancegame as bg
        >>> automaton = bg.tit_for_tat(bg.ally_game(2, benefit=2, cost=1, parallelism=0))
        >>> bg.Automaton.from_dict(automaton.to_dict()) == automaton
        True
        """
        return cls.from_situations(**automaton_json.read_automaton(data))

    @classmethod
    def from_json(cls, text: str) -> Automaton:
        """The automaton that `to_json` wrote; see `from_dict`."""
        return plain_types.from_text(text, cls.from_dict)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"an Automaton is immutable; {name!r} cannot be set"
        raise AttributeError(message)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Automaton):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self._states, self._initial, self._situations))

    def _key(self) -> tuple[Any, ...]:
        return (
            self._contingencies,
            self._states,
            self._situations,
            self._initial,
            self._excused,
            self._title,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, self._key()

    def __repr__(self) -> str:
        return automaton_rendering.text(self)

    def _repr_html_(self) -> str:
        return automaton_rendering.html(self)


def _rebuild(
    contingencies: Sequence[Contingency],
    states: Sequence[str],
    situations: Sequence[Sequence[Situation]],
    initial: int,
    excused: bool,  # noqa: FBT001 (called by pickle)
    title: str,
) -> Automaton:
    return Automaton.from_situations(
        contingencies,
        dict(zip(states, situations, strict=True)),
        initial=initial,
        excused=excused,
        title=title,
    )
