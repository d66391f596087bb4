"""The search behind two-player equilibria: pairs of vertices that together have every label.

Walks over both best-response polytopes at once and keeps, of each, the bases it proved feasible:
the evidence from which equilibria, indices and certificates are read off.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from balancegame._kernels.threads import run_blocks
from balancegame._progress import report
from balancegame.certificates.certificate import Certificate
from balancegame.games.results import NashResult
from balancegame.solvers.polytopes.polytope import Polytope
from balancegame.solvers.polytopes.vertex_enumeration import (
    CompiledWalk,
    VertexEnumeration,
    Words,
    enumerate_vertices,
    from_words,
)
from balancegame.solvers.two_players.certificate import write
from balancegame.solvers.two_players.label_pairs import complementary_pairs, covering_pairs

_FIRST_ROUND, _LARGEST_ROUND = 1 << 6, 1 << 16  # bases
_LONG = 0.2  # seconds; rounds that take longer get shorter, so that Ctrl-C is soon heard

Pair = tuple[int, int]
"""A basis of P and one of Q, as places in the lists of `VertexEvidence`."""


@dataclass(frozen=True, slots=True)
class VertexEvidence:
    """The lexicographically feasible bases found in P and Q, and all tight labels at their points.

    The first basis of either is the origin's. `finished` says that the lists are closed under
    adjacency, and so complete; if not, `halted` can say what stopped the search.
    """

    bases: tuple[Words, Words]
    tight: tuple[Words, Words]
    finished: bool
    halted: str = ""

    @property
    def n_bases(self) -> int:
        """The number of bases in both lists."""
        return len(self.bases[0]) + len(self.bases[1])

    def basis(self, side: int, place: int) -> int:
        """A basis of P (side 0) or Q (side 1), as an int."""
        return from_words(self.bases[side][place])

    def certificate(self, result: NashResult) -> Certificate:
        """The certificate that a result's list is all that this evidence proves."""
        return write(result, self.bases, self.complementary_vertices(result.game.shape))

    def has_degenerate_vertex(self) -> bool:
        """Whether more labels are tight at some vertex than the polytope has dimensions."""
        return any(
            bool((tight != bases).any())
            for tight, bases in zip(self.tight, self.bases, strict=True)
        )

    def complementary_vertices(self, sizes: tuple[int, ...]) -> list[Pair]:
        """The pairs of vertices with all labels, each vertex by the place of its first basis.

        `sizes` are the dimensions of P and Q. The pair of origins is left out.
        """
        places = [
            np.flatnonzero(self._first_bases(side) == range(len(tight)))
            for side, tight in enumerate(self.tight)
        ]
        i, j = covering_pairs(self.tight[0][places[0]], self.tight[1][places[1]], sizes)
        return _without_origins(places[0][i], places[1][j])

    def complementary_bases(self, sizes: tuple[int, ...]) -> list[tuple[Pair, Pair]]:
        """The pairs of bases with all labels: the equilibria of the perturbed game.

        Each comes with the pair of its vertices, as in `complementary_vertices`.
        """
        pairs = _without_origins(*complementary_pairs(*self.bases, sum(sizes)))
        first = self._first_bases(0), self._first_bases(1)
        return [((i, j), (int(first[0][i]), int(first[1][j]))) for i, j in pairs]

    def _first_bases(self, side: int) -> NDArray[np.int64]:
        """For each basis the place of the first one at the same vertex."""
        tight, bases = self.tight[side], self.bases[side]
        found = np.arange(len(tight))
        # A vertex of several bases has more tight labels than any of them.
        shared = np.flatnonzero((tight != bases).any(axis=1))
        if len(shared):
            _, first, same = np.unique(
                tight[shared], axis=0, return_index=True, return_inverse=True
            )
            found[shared] = shared[first[same.ravel()]]
        return found


def _without_origins(i: np.ndarray, j: np.ndarray) -> list[Pair]:
    return [pair for pair in zip(i.tolist(), j.tolist(), strict=True) if pair != (0, 0)]


class Search:
    """Walks over both polytopes, advanced together; its evidence can be taken at any time."""

    def __init__(self, polytopes: tuple[Polytope, Polytope]) -> None:
        self._sizes = polytopes[0].dimension, polytopes[1].dimension
        self._halted = ""
        self._walks: tuple[VertexEnumeration, VertexEnumeration] = (
            enumerate_vertices(polytopes[0]),
            enumerate_vertices(polytopes[1]),
        )

    @property
    def finished(self) -> bool:
        """Whether both walks have come to their ends."""
        return self._walks[0].finished and self._walks[1].finished

    def evidence(self) -> VertexEvidence:
        """What has been proven so far."""
        p, q = self._walks
        return VertexEvidence(
            (p.bases(), q.bases()), (p.tight(), q.tight()), self.finished, self._halted
        )

    def run(self, *, enough: int | None = None) -> None:
        """Walk to the end, until more than `enough` equilibria are known, or memory runs out."""
        length = _FIRST_ROUND
        while not self.finished:
            begun = time.perf_counter()
            try:
                self._advance(length)
            except MemoryError:
                self._halted = "memory ran out"
                return
            report(
                "vertices of the best-response polytopes",
                sum(walk.n_done for walk in self._walks),
                sum(walk.n_found for walk in self._walks),
            )
            if enough is not None:
                known = self.evidence().complementary_vertices(self._sizes)
                if len(known) > enough:
                    return
            if time.perf_counter() - begun > _LONG:
                length = max(length // 2, _FIRST_ROUND)
            else:
                length = min(4 * length, _LARGEST_ROUND)

    def _advance(self, length: int) -> None:
        if not any(isinstance(walk, CompiledWalk) for walk in self._walks):
            for walk in self._walks:
                walk.advance(length)
            return

        def work(first: int, end: int) -> None:
            for walk in self._walks[first:end]:
                walk.advance(length)

        run_blocks(work, len(self._walks), 1)
