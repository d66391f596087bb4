"""How the patience that an agreement takes changes with the world it is made in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from balancegame._checks import check_line
from balancegame._numbers import shorten
from balancegame._progress import report
from balancegame.analysis.along_line import built
from balancegame.errors import InvalidTypeError
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.profiles import Profile
from balancegame.games.repeated_game import Contingency
from balancegame.solvers.repeated.critical_discount import critical_discount
from balancegame.solvers.repeated.critical_discount_result import CriticalDiscount

if TYPE_CHECKING:
    import pandas as pd


_COLUMNS = ("critical_discount", "exact", "attained", "player", "deviation", "reason")


class Agreement(Protocol):
    """What knows its own critical discount factor, such as a `Treaty`."""

    def critical_discount(self) -> CriticalDiscount:
        """The discount factors that sustain it."""
        ...


Stage = NormalFormGame | Sequence[Contingency]
Case = Agreement | tuple[Stage, Profile | Mapping[str, Profile]]


def critical_discounts(
    build: Callable[[Any], Case],
    values: Iterable[Any],
    *,
    parameter: str = "parameter",
    punishment: str = "nash",
    transfers: bool = False,
) -> pd.DataFrame:
    """The critical discount factor of an agreement, for each value of a parameter.

    Parameters
    ----------
    build : callable
        From a value to the agreement: a `Treaty`, or a stage (as for `critical_discount`) and the
        profile to be played.
    values : iterable
    parameter : str
        The name of the column of values.
    punishment, transfers
        As for `critical_discount`; treaties bring their own.

    Returns
    -------
    pandas.DataFrame
        A row a value. Columns: the parameter; critical_discount (NaN where no discount factor
        sustains the agreement); exact, the same as text; attained; player, who binds; deviation;
        reason.

    Raises
    ------
    InvalidTypeError
        `build` cannot be called, or `values` is no sequence. Also what
        `critical_discount` raises.
    MeasureError
        `build` failed at a value; the message names it.

    Examples
    --------
    The more parallel the interests of two allies, the less patience their alliance takes:

    >>> import balancegame as bg
    >>> help_each_other = lambda a: (bg.ally_game(2, 2, 1, a), ["help", "help"])
    >>> table = bg.critical_discounts(
    ...     help_each_other, ["-1/5", 0, "1/5", "2/5"], parameter="parallelism"
    ... )
    >>> table[["parallelism", "exact"]]
      parallelism exact
    0        -1/5  7/11
    1           0   1/2
    2         1/5   1/3
    3         2/5   1/8
    """
    import pandas as pd  # noqa: PLC0415 (slow to import, needed here only)

    given = check_line(build, values, "an agreement")
    rows: list[dict[str, Any]] = []
    for done, value in enumerate(given):
        report("critical discount factors", done, len(given))
        case = built(build, value, parameter)
        if not isinstance(case, tuple) and not hasattr(case, "critical_discount"):
            message = (
                f"build gives {shorten(type(case).__name__)}; it must give a bg.Treaty, or a stage "
                "and the profile to be played"
            )
            raise InvalidTypeError(message)
        found = (
            critical_discount(*case, punishment=punishment, transfers=transfers)
            if isinstance(case, tuple)
            else case.critical_discount()
        )
        rows.append(
            {
                parameter: value,
                "critical_discount": float("nan") if found.value is None else found.value,
                "exact": "" if found.exact is None else str(found.exact),
                "attained": found.attained,
                "player": found.player or "",
                "deviation": "" if found.deviation is None else str(found.deviation),
                "reason": found.reason,
            }
        )
    return pd.DataFrame(rows, columns=[parameter, *_COLUMNS])
