"""What lasts: selection among the equilibria, revision with errors, a threat in decline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from balancegame._numbers import Number
from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.used_parameters import Hegemon
from balancegame.analysis.endurance import endurance
from balancegame.analysis.endurance_result import Endurance
from balancegame.analysis.overstretch import Overstretch, overstretch
from balancegame.analysis.selection import selection
from balancegame.analysis.selection_table import SelectionTable
from balancegame.analysis.tipping import Tipping
from balancegame.errors import BalanceGameError, TooManyProfilesError
from balancegame.games.normal_form import NormalFormGame
from balancegame.present.report.findings.missing import Missing
from balancegame.world.world import World

_MOST_PROFILES = 4_096  # of which all joint deviations are looked through
_MOST_TIMES = 6  # alignments whose times are worked out
_MOST_STATES = 6
DECLINE, PERIODS = 0.03, 60


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long alignments last under revision with errors.

    Attributes
    ----------
    endurance : Endurance
    leaving : tuple of str
        The expected number of periods until each alignment's basin is left, or why not.
    tipping : tuple of (int, int, Tipping)
        How the one tips into the other.
    """

    endurance: Endurance
    leaving: tuple[str, ...]
    tipping: tuple[tuple[int, int, Tipping], ...]


def find_lasting(game: NormalFormGame, precision: Number) -> Lasting:
    """The long run, times and tipping paths of the first few alignments."""
    found = endurance(game, precision)
    few = range(min(len(found.alignments), _MOST_TIMES))
    stable = [k for k, one in enumerate(found.alignments) if one.is_stable][:1]
    pairs = [(k, stable[0]) for k in few if stable and k != stable[0]]
    pairs += [(b, a) for a, b in pairs][:1]
    return Lasting(
        endurance=found,
        leaving=tuple(_leaving(found, k) for k in few),
        tipping=tuple((a, b, found.tipping(a, b)) for a, b in pairs),
    )


def _leaving(found: Endurance, place: int) -> str:
    try:
        return str(found.leaving_time(place))
    except BalanceGameError as error:
        return str(error)


def find_selection(game: NormalFormGame, max_supports: int) -> SelectionTable:
    """The table of equilibria by selection criterion."""
    if game.n_profiles > _MOST_PROFILES:
        message = (
            f"the game has {game.n_profiles:,} profiles; joint deviations are looked through here "
            f"for up to {_MOST_PROFILES:,}. bg.selection(game) does it with patience"
        )
        raise TooManyProfilesError(message)
    return selection(game, max_supports=max_supports)


@dataclass(frozen=True, slots=True)
class Decline:
    """Equal states before a threat that loses strength.

    Attributes
    ----------
    states : int
    ratio : float
        The threat's power over that of one state, at first.
    found : Overstretch
    is_idealised : bool
        Whether states that differ were taken as equals.
    """

    states: int
    ratio: float
    found: Overstretch
    is_idealised: bool


def find_decline(model: BalancingModel, world: World, hegemon: Hegemon) -> Decline | Missing:
    """How long all bandwagon with a threat in decline, the states taken as equals."""
    if world.threat is None:
        return Missing("the world names no threat")
    if hegemon == "strategic":
        return Missing("it is about a threat that does not choose")
    if any(isinstance(value, Mapping) for value in model.parameters().values()):
        return Missing("it is about states that are alike, but the model has parameters by state")
    n = len(world.states)
    if n > _MOST_STATES:
        return Missing(
            f"its time doubles with each state, and {n} are more than {_MOST_STATES}; "
            "bg.overstretch works it out with patience"
        )
    others = [world.power[world.names.index(state)] for state in world.states]
    ratio = float(world.power[world.names.index(world.threat)] / (sum(others) / n))
    found = overstretch(model, n, ratio, DECLINE, periods=PERIODS)
    return Decline(n, ratio, found, is_idealised=len(set(map(float, others))) > 1)
