"""The alliance security dilemma, after Snyder (1984): abandonment and entrapment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from balancegame._numbers import Number
from balancegame.alliances.published.published_result import PublishedResult, text_of
from balancegame.alliances.published.reading import (
    AT_LEAST_0,
    POSITIVE,
    read_number,
    read_two_names,
)
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.rendering import Rows


def snyder_game(
    security: Number,
    abandonment: Number,
    entrapment: Number,
    *,
    names: Sequence[str] = ("A", "B"),
) -> NormalFormGame:
    """The game of two allies who support each other or withhold support.

    ============  =========================  =====================
    I             the ally supports          the ally withholds
    ============  =========================  =====================
    support       security - entrapment      - abandonment
    withhold      security                   0
    ============  =========================  =====================

    After Snyder (1984): our skeleton of his verbal argument, not a replication. Who supports alone
    is abandoned; who supports with the ally is dragged into its quarrels.

    Parameters
    ----------
    security : number >= 0
        What an ally's support is worth.
    abandonment, entrapment : number >= 0
        What it costs to support alone, and to be dragged in.
    names : sequence of two str, optional

    Returns
    -------
    NormalFormGame
        Actions "support" and "withhold". With both costs positive a prisoner's dilemma where
        entrapment costs less than security is worth, deadlock where it costs more, but less than
        security and abandonment together.

    Raises
    ------
    InvalidParameterError

    References
    ----------
    G. H. Snyder (1984), "The security dilemma in alliance politics", World Politics 36, 461-495.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.snyder_game(3, abandonment=2, entrapment=1)
    NormalFormGame 'Alliance security dilemma': 2 players, 2 x 2 = 4 profiles
                support  withhold
      support   2, 2     -2, 3
      withhold  3, -2    0, 0
    """
    worth = read_number(security, "security", AT_LEAST_0)
    alone = -read_number(abandonment, "abandonment", AT_LEAST_0)
    both = worth - read_number(entrapment, "entrapment", AT_LEAST_0)
    return NormalFormGame.from_arrays(
        [[both, alone], [worth, 0]],
        [[both, worth], [alone, 0]],
        players=read_two_names(names),
        actions=["support", "withhold"],
        title="Alliance security dilemma",
    )


@final
@dataclass(frozen=True, slots=True, repr=False)
class OptimalCommitment(PublishedResult):
    """How firm a commitment to an ally costs least.

    Attributes
    ----------
    commitment : Fraction
        In [0, 1].
    loss : Fraction
        The loss that remains.
    """

    commitment: Fraction
    loss: Fraction

    def _caption(self) -> str:
        return "Optimal commitment"

    def _rows(self) -> Rows:
        return [["commitment", "loss"], [text_of(self.commitment), text_of(self.loss)]]


def snyder_commitment(abandonment: Number, entrapment: Number) -> OptimalCommitment:
    """The commitment between the two fears: weak ones invite abandonment, firm ones entrapment.

    A commitment e in [0, 1] loses ``(1 - e)^2 abandonment + e^2 entrapment``, which is least at
    ``e* = abandonment / (abandonment + entrapment)``. After Snyder (1984): our toy, not his model.

    Parameters
    ----------
    abandonment, entrapment : number > 0

    Returns
    -------
    OptimalCommitment
        In exact rationals.

    Raises
    ------
    InvalidParameterError

    References
    ----------
    G. H. Snyder (1984), "The security dilemma in alliance politics", World Politics 36, 461-495.

    Examples
    --------
    >>> import balancegame as bg
    >>> bg.published.snyder_commitment(3, 1)
    Optimal commitment
      commitment  loss
      3/4         3/4
    """
    alone = read_number(abandonment, "abandonment", POSITIVE)
    dragged = read_number(entrapment, "entrapment", POSITIVE)
    together = alone + dragged
    return OptimalCommitment(alone / together, alone * dragged / together)
