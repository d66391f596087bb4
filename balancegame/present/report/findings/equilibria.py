"""The equilibria of the balancing game, who stands where in them, and their certificate."""

from __future__ import annotations

from dataclasses import dataclass

from balancegame.alliances.balancing import BalancingModel
from balancegame.alliances.camps import Camps
from balancegame.certificates.verification import Verification, verify
from balancegame.games.normal_form import NormalFormGame
from balancegame.games.results import NashResult
from balancegame.present.solution_report import camps_of_states
from balancegame.solvers.nash import nash_equilibria
from balancegame.world.world import World

_LARGEST = 32 << 20  # bytes of a certificate within a page


@dataclass(frozen=True, slots=True)
class EquilibriaFound:
    """The equilibria, with their proof.

    Attributes
    ----------
    result : NashResult
    camps : tuple of Camps or None
        Of each equilibrium; None where states mix.
    certificate : str or None
        Its file's text; None where there is none, or it is too large for a page.
    verification : Verification or None
        What became of its claims when they were re-checked.
    """

    result: NashResult
    camps: tuple[Camps | None, ...]
    certificate: str | None
    verification: Verification | None


def find_equilibria(
    model: BalancingModel, world: World, game: NormalFormGame, max_supports: int
) -> EquilibriaFound:
    """All equilibria, and the certificate re-checked."""
    result = nash_equilibria(game, max_supports=max_supports)
    certificate = result.certificate
    written = None if certificate is None else certificate.to_json() + "\n"
    return EquilibriaFound(
        result=result,
        camps=tuple(camps_of_states(model, world, one) for one in result),
        certificate=written if written is not None and len(written) <= _LARGEST else None,
        verification=None if certificate is None else verify(certificate),
    )
