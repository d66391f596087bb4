"""How patient players must be for a profile to be played for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from balancegame._checks import check_flag, check_known
from balancegame.errors import UnknownPunishmentError
from balancegame.games.automaton_input import contingent_profiles
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile
from balancegame.games.repeated_game import Contingency, RepeatedGame
from balancegame.games.situation import Cell, exact_payoff
from balancegame.solvers.repeated.critical_discount_result import (
    CriticalDeviation,
    CriticalDiscount,
)
from balancegame.solvers.repeated.discount_set import NONE, from_on
from balancegame.solvers.repeated.stage_punishments import pure_minmax, worst_equilibria

_PUNISHMENTS = ("nash", "minmax", "optimal")
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Incentives:
    """What a profile pays, and what deviating from it would.

    Attributes
    ----------
    payoffs : tuple of Fraction
        What it pays each player on average over the contingencies.
    gains : tuple of tuples of Fraction
        ``gains[i][w]``: the most player i gains at once by deviating in contingency w, at least 0.
    replies : tuple of tuples of int
        His action that does, the first of several.
    margins : tuple of tuples of (Fraction or None)
        What his best other action gains him at once, perhaps less than 0; None where he has none.
    """

    payoffs: tuple[Fraction, ...]
    gains: tuple[tuple[Fraction, ...], ...]
    replies: tuple[tuple[int, ...], ...]
    margins: tuple[tuple[Fraction | None, ...], ...]

    @classmethod
    def of(cls, repeated: RepeatedGame, cells: Sequence[Cell]) -> Incentives:
        """Those of one profile a contingency."""
        payoffs: list[Fraction] = []
        gains: list[tuple[Fraction, ...]] = []
        replies: list[tuple[int, ...]] = []
        margins: list[tuple[Fraction | None, ...]] = []
        for i in range(repeated.n_players):
            paid: list[Fraction] = []
            best: list[tuple[Fraction, int]] = []
            other: list[Fraction | None] = []
            for stage, cell in zip(repeated.stages, cells, strict=True):
                values = [
                    exact_payoff(stage, i, (*cell[:i], a, *cell[i + 1 :]))
                    for a in range(stage.shape[i])
                ]
                paid.append(values[cell[i]])
                best.append((max(values) - values[cell[i]], values.index(max(values))))
                rest = [value - values[cell[i]] for a, value in enumerate(values) if a != cell[i]]
                other.append(max(rest, default=None))
            payoffs.append(
                sum((p * v for p, v in zip(repeated.probabilities, paid, strict=True)), _ZERO)
            )
            gains.append(tuple(gain for gain, _ in best))
            replies.append(tuple(reply for _, reply in best))
            margins.append(tuple(other))
        return cls(tuple(payoffs), tuple(gains), tuple(replies), tuple(margins))

    def slack(self, player: int, held: Fraction, delta: Fraction) -> Fraction | None:
        """What a player loses by his best deviation, if he is held to a payoff for ever after."""
        known = [one for one in self.margins[player] if one is not None]
        if not known:
            return None
        return delta * (self.payoffs[player] - held) - (1 - delta) * max(known)

    def worst(self, player: int) -> tuple[Fraction, int]:
        """A player's largest gain, and the contingency where it is, the first of several."""
        gain = max(self.gains[player])
        return gain, self.gains[player].index(gain)


def critical_discount(
    stage: NormalFormGame | Sequence[Contingency],
    profile: Profile | Mapping[str, Profile],
    punishment: str = "nash",
    transfers: bool = False,  # noqa: FBT001, FBT002 (a pinned signature)
) -> CriticalDiscount:
    """The common discount factors from which on a profile can be played for ever.

    Parameters
    ----------
    stage : NormalFormGame or sequence of Contingency
    profile : profile or mapping {contingency: profile}
        Pure actions.
    punishment : {"nash", "minmax", "optimal"}
        What a deviator gets for ever after: ``"nash"``, his worst pure equilibrium of each stage;
        ``"minmax"``, his pure minmax value in each, which no punishment by pure actions can go
        below: a necessary bound, not always enough; ``"optimal"``, his worst pure-action
        subgame-perfect payoff with public randomization, which itself depends on the discount
        factor.
    transfers : bool
        Let players pay each other, before each period, as part of the agreement: incentives are
        then pooled over all players, and one threshold takes the place of each player's own.

    Returns
    -------
    CriticalDiscount
        Exact for "nash" and "minmax", and for "optimal" where that is proven; otherwise with
        proven bounds.

    Raises
    ------
    UnknownPunishmentError, UnknownContingencyError, UnknownPlayerError, UnknownActionError
    InvalidShapeError

    Notes
    -----
    With u what the profile pays player i, v what his punishment does, and g what he gains at once
    by his best deviation, he is deterred iff ``(1 - delta) g <= delta (u - v)``, that is from
    ``g / (g + u - v)`` on (Friedman 1971). With contingencies u and v are averages over them, and
    each contingency's gain counts. With transfers the sums over all players take the place of g and
    of u - v (Goldluecke & Kranz 2012): for two players who both gain by deviating the mediant of
    their thresholds, never above the higher.

    A deviation that gains nothing at once needs no punishment and gets none: a player who would
    rather be punished than play the profile cannot bring it about. With transfers everybody must
    be willing to stay in, so that such a player counts: the others pay him.

    "Optimal" asks for the profile with its own payoff as continuation. Its payoff may belong to the
    equilibrium set at smaller discount factors, by other play.

    Examples
    --------
    >>> import balancegame as bg
    >>> game = bg.ally_game(2, benefit=2, cost=1, parallelism=0)
    >>> bg.critical_discount(game, ["help", "help"])
    CriticalDiscount: 1/2, sustained on [1/2, 1) (exact); binding: ally 1 plays withhold
      player  alone  slack
      ally 1  1/2    0
      ally 2  1/2    0
    """
    check_known(punishment, _PUNISHMENTS, "punishment", UnknownPunishmentError)
    check_flag(transfers, "transfers")
    repeated = RepeatedGame(stage, 0)
    cells = contingent_profiles(repeated.contingencies, profile)
    incentives = Incentives.of(repeated, cells)
    if not any(map(any, incentives.gains)):
        return _always(repeated, incentives)
    if punishment == "optimal":
        return _optimal(repeated, incentives, transfers=transfers)
    held = _held_to(repeated, punishment)
    if isinstance(held, str):
        return CriticalDiscount.of(NONE, _nothing_to_punish_with(repeated, held))
    known = "exact" if punishment == "nash" else "exact as a necessary bound"
    if transfers:
        return pooled(repeated, incentives, held, known)
    return separate(repeated, incentives, held, known)


def _optimal(
    repeated: RepeatedGame, incentives: Incentives, *, transfers: bool
) -> CriticalDiscount:
    # Both build on this file.
    if transfers:
        from balancegame.solvers.repeated.optimal_transfers import (  # noqa: PLC0415
            with_optimal_transfers,
        )

        return with_optimal_transfers(repeated, incentives)
    from balancegame.solvers.repeated.optimal_punishment import (  # noqa: PLC0415
        with_optimal_punishment,
    )

    return with_optimal_punishment(repeated, incentives)


def _held_to(repeated: RepeatedGame, punishment: str) -> tuple[Fraction, ...] | str:
    if punishment == "minmax":
        return pure_minmax(repeated)
    found = worst_equilibria(repeated)
    return found if isinstance(found, str) else tuple(one.value for one in found)


def _nothing_to_punish_with(repeated: RepeatedGame, contingency: str) -> str:
    where = f" of contingency {contingency!r}" if len(repeated.contingencies) > 1 else ""
    return (
        f"the stage game{where} has no pure equilibrium to punish with; other punishments may "
        'do: punishment="optimal" looks for the worst of them, "minmax" gives a bound'
    )


def threshold(gain: Fraction, loss: Fraction) -> Fraction | None:
    """From where on a gain at once is not worth a loss for ever after; None if never."""
    if gain <= 0:
        return _ZERO
    return None if loss <= 0 else gain / (gain + loss)


def separate(
    repeated: RepeatedGame, incentives: Incentives, held: Sequence[Fraction], known: str
) -> CriticalDiscount:
    """Where every player is deterred by what he alone would lose."""
    per_player: dict[str, Fraction | None] = {}
    for i, name in enumerate(repeated.players):
        gain, _ = incentives.worst(i)
        per_player[name] = threshold(gain, incentives.payoffs[i] - held[i])
    hopeless = [name for name, one in per_player.items() if one is None]
    if hopeless:
        i = repeated.players.index(hopeless[0])
        what = "his punishment" if known == "exact" else "the least he can be held to"
        return CriticalDiscount.of(
            NONE,
            f"{hopeless[0]} gains by deviating and loses nothing by being punished: the profile "
            f"pays {_short(incentives.payoffs[i])}, {what} {_short(held[i])}",
            per_player=per_player,
            deviation=deviation_of(repeated, incentives, i),
        )
    least = max(one for one in per_player.values() if one is not None)
    i = list(per_player.values()).index(least)
    slack = {
        name: found
        for j, name in enumerate(repeated.players)
        if (found := incentives.slack(j, held[j], least)) is not None
    }
    return CriticalDiscount.of(
        from_on(least),
        known,
        per_player=per_player,
        deviation=deviation_of(repeated, incentives, i),
        slack=slack,
    )


def pooled(
    repeated: RepeatedGame, incentives: Incentives, held: Sequence[Fraction], known: str
) -> CriticalDiscount:
    """Where all players together would lose more than all could gain, each deviating alone."""
    gains, w = largest_sum(incentives)
    loss = sum(incentives.payoffs, _ZERO) - sum(held, _ZERO)
    least = threshold(gains, loss)
    i = max(range(repeated.n_players), key=lambda j: incentives.gains[j][w])
    deviation = deviation_of(repeated, incentives, i, w)
    if least is None:
        return CriticalDiscount.of(
            NONE,
            "together the players lose nothing by being punished: the profile pays "
            f"{_short(sum(incentives.payoffs, _ZERO))} in all, punishments "
            f"{_short(sum(held, _ZERO))}",
            deviation=deviation,
            binds_alone=False,
        )
    return CriticalDiscount.of(
        from_on(least), f"{known}, with transfers", deviation=deviation, binds_alone=False
    )


def largest_sum(incentives: Incentives) -> tuple[Fraction, int]:
    """The largest sum of all players' gains, and its contingency, the first of several."""
    sums = [sum(column, _ZERO) for column in zip(*incentives.gains, strict=True)]
    return max(sums), sums.index(max(sums))


def deviation_of(
    repeated: RepeatedGame, incentives: Incentives, player: int, contingency: int | None = None
) -> CriticalDeviation:
    """A player's most tempting deviation."""
    w = incentives.worst(player)[1] if contingency is None else contingency
    one = repeated.contingencies[w]
    action = one.stage.actions[player][incentives.replies[player][w]]
    return CriticalDeviation(repeated.players[player], action, one.name)


def _always(repeated: RepeatedGame, incentives: Incentives) -> CriticalDiscount:
    return CriticalDiscount.of(
        from_on(_ZERO),
        "exact: an equilibrium of the stage, which needs no punishment",
        per_player=dict.fromkeys(repeated.players, _ZERO),
        slack={
            name: found
            for i, name in enumerate(repeated.players)
            if (found := incentives.slack(i, incentives.payoffs[i], _ZERO)) is not None
        },
    )


def _short(number: Fraction) -> str:
    text = str(number)
    return text if len(text) <= 12 else f"{float(number):.6g}"
