"""All vertices of a polytope: a walk over its lexicographically feasible bases.

The perturbed polytope is simple: each basis has d neighbours, got by exchanging one label, and the
graph of a polytope is connected (Balinski 1961). A set of feasible bases that holds the neighbours
of each of its members is therefore all of them, and every vertex of the unperturbed polytope is
the point of at least one (Avis & Fukuda 1992 walk the same graph without a memory of it).

Two walks with the same outcome: in integers, for small polytopes; in compiled floats with proven
error bounds, where bases that floats cannot decide are decided in integers one by one.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from balancegame._checks import available_memory
from balancegame.solvers.polytopes.integer_dictionary import IntegerDictionary
from balancegame.solvers.polytopes.polytope import Polytope, vertex_bound

Words = NDArray[np.uint64]
"""Sets of labels, one a row, as 64-bit words: label l is bit l % 64 of word l // 64."""

# Integers take fewer than this many bases in less time than it takes to load the compiler.
_FEW_BASES = 200
_FIRST_CAPACITY = 1 << 12


class VertexEnumeration(Protocol):
    """A walk that can be advanced by so many bases and looked at in between."""

    @property
    def finished(self) -> bool:
        """Whether no basis waits any more: the lists are complete."""
        ...

    @property
    def n_found(self) -> int:
        """The number of bases known, waiting ones included."""
        ...

    @property
    def n_done(self) -> int:
        """The number of bases worked through."""
        ...

    def advance(self, n_bases: int) -> None:
        """Work through at most so many waiting bases."""
        ...

    def bases(self) -> Words:
        """The feasible bases found so far, as rows of words."""
        ...

    def tight(self) -> Words:
        """For each of these, all labels that hold with equality at its point."""
        ...


def enumerate_vertices(
    polytope: Polytope, start: IntegerDictionary | None = None
) -> VertexEnumeration:
    """A walk over all bases of a polytope, not yet advanced.

    Parameters
    ----------
    polytope : Polytope
    start : IntegerDictionary, optional
        A feasible basis to begin from; the origin's by default.

    Raises
    ------
    ValueError
        `start` is not lexicographically feasible.
    """
    start = start or IntegerDictionary(polytope)
    if not start.is_feasible():
        message = "the walk would begin outside the perturbed polytope"
        raise ValueError(message)
    if vertex_bound(polytope.dimension, polytope.n_labels) <= _FEW_BASES:
        return IntegerWalk(polytope, start)
    try:
        return CompiledWalk(polytope, start)
    except OverflowError:
        return IntegerWalk(polytope, start)


class IntegerWalk:
    """The walk in integers, one exchange from each basis to the next."""

    def __init__(self, polytope: Polytope, start: IntegerDictionary) -> None:
        self._n_words = _n_words(polytope)
        self._tight: dict[int, int] = {}
        self._known = {start.basis}
        self._waiting = [start]
        self._settled = True  # False while a basis is being worked on, and after Ctrl-C then

    @property
    def finished(self) -> bool:
        """Whether no basis waits any more."""
        return self._settled and not self._waiting

    @property
    def n_found(self) -> int:
        """The number of bases known."""
        return len(self._known)

    @property
    def n_done(self) -> int:
        """The number of bases worked through."""
        return len(self._tight)

    def advance(self, n_bases: int) -> None:
        """Work through at most so many waiting bases."""
        self._settled = False
        for _ in range(n_bases):
            if not self._waiting:
                break
            self._expand(self._waiting.pop())
        self._settled = True

    def _expand(self, here: IntegerDictionary) -> None:
        self._tight[here.basis] = here.tight
        for row, column in here.neighbours():
            there = here.neighbour_basis(row, column)
            if there not in self._known:
                self._known.add(there)
                neighbour = here.copy()
                neighbour.exchange(row, column)
                self._waiting.append(neighbour)

    def bases(self) -> Words:
        """The feasible bases found so far."""
        return to_words(self._tight.keys(), self._n_words)

    def tight(self) -> Words:
        """All labels tight at the point of each."""
        return to_words(self._tight.values(), self._n_words)


class CompiledWalk:
    """The walk in compiled floats; integers decide what floats leave open."""

    def __init__(self, polytope: Polytope, start: IntegerDictionary) -> None:
        from balancegame._kernels import vertex_enumeration as kernel  # noqa: PLC0415 (slow load)

        self._kernel = kernel
        self._polytope = polytope
        self._scaled = polytope.scaled()
        self._first = np.array([polytope.first_variable, polytope.first_row])
        words = _n_words(polytope)
        self._bases = np.zeros((_FIRST_CAPACITY, words), np.uint64)
        self._tight = np.zeros((_FIRST_CAPACITY, words), np.uint64)
        self._state = np.zeros(_FIRST_CAPACITY, np.uint8)
        self._table = np.full(2 * _FIRST_CAPACITY, -1, np.int32)
        self._counts = np.zeros(2, np.int64)
        self._in_integers: set[int] = set()
        self._settled = True  # False while bases are being worked on, and after Ctrl-C then
        self._make_room()
        self._insert(start.basis)

    @property
    def finished(self) -> bool:
        """Whether no basis waits any more."""
        return self._settled and self.n_done == self.n_found

    @property
    def n_found(self) -> int:
        """The number of bases known."""
        return int(self._counts[1])

    @property
    def n_done(self) -> int:
        """The number of bases worked through."""
        return int(self._counts[0])

    def advance(self, n_bases: int) -> None:
        """Work through at most so many waiting bases."""
        self._settled = False
        end = self.n_done + n_bases
        while self.n_done < min(end, self.n_found):
            self._make_room()
            first = self.n_done
            # The hash multiplies modulo 2^64, which plain numpy would remark on.
            with np.errstate(over="ignore"):
                self._kernel.expand(
                    self._scaled.matrix,
                    self._scaled.bounds,
                    self._scaled.log2_rows,
                    self._scaled.log2_scale,
                    self._first,
                    self._bases,
                    self._tight,
                    self._state,
                    self._table,
                    self._counts,
                    end - first,
                )
            done = self._state[first : self.n_done]
            for place in first + np.flatnonzero(done == self._kernel.UNDECIDED):
                self._decide(int(place))
            if self.n_done == self.n_found:
                self._repair()
        self._settled = True

    def bases(self) -> Words:
        """The feasible bases found so far."""
        return self._bases[: self.n_done][self._state[: self.n_done] == self._kernel.PROVEN]

    def tight(self) -> Words:
        """All labels tight at the point of each."""
        return self._tight[: self.n_done][self._state[: self.n_done] == self._kernel.PROVEN]

    def _decide(self, place: int) -> None:
        """In integers: prove the basis feasible and enter its neighbours, or refuse it."""
        self._in_integers.add(place)
        here = IntegerDictionary.at(self._polytope, from_words(self._bases[place]))
        if here is None or not here.is_feasible():
            self._state[place] = self._kernel.REFUSED
            return
        self._state[place] = self._kernel.PROVEN
        self._tight[place] = to_words([here.tight], self._tight.shape[1])[0]
        for row, column in here.neighbours():
            self._insert(here.neighbour_basis(row, column))

    def _repair(self) -> None:
        """Where floats led to a basis that is none, ask integers for the way.

        A basis is adjacent to a refused one only if they differ in one label.
        """
        states, bases = self._state[: self.n_done], self._bases[: self.n_done]
        misled = np.zeros(self.n_done, bool)
        for basis in bases[states == self._kernel.REFUSED]:
            apart = np.bitwise_count(bases ^ basis).sum(axis=1)
            misled |= (states == self._kernel.PROVEN) & (apart == 2)
        for place in set(np.flatnonzero(misled).tolist()) - self._in_integers:
            self._decide(place)

    def _insert(self, basis: int) -> None:
        self._make_room()
        words = to_words([basis], self._bases.shape[1])[0]
        with np.errstate(over="ignore"):
            self._kernel.insert(self._bases, self._state, self._table, self._counts, words)

    def _make_room(self) -> None:
        """Double the arrays when the neighbours of one basis could overflow them.

        Raises MemoryError before the machine would begin to swap.
        """
        if self.n_found + self._polytope.dimension < len(self._bases):
            return
        size = 2 * max(len(self._bases), self._polytope.dimension)
        if size * _bytes_each(self._bases.shape[1]) > available_memory():
            message = f"{self.n_found:,} bases are known, and there is no memory for more"
            raise MemoryError(message)
        self._bases = _grown(self._bases, size)
        self._tight = _grown(self._tight, size)
        self._state = _grown(self._state, size)
        self._table = np.full(1 << (2 * size - 1).bit_length(), -1, np.int32)
        with np.errstate(over="ignore"):
            self._kernel.fill_table(self._bases, self.n_found, self._table)


def to_words(sets: object, n_words: int) -> Words:
    """Sets of labels given as ints, as rows of 64-bit words."""
    size = 8 * n_words
    data = b"".join(one.to_bytes(size, "little") for one in sets)  # pyright: ignore
    return np.frombuffer(data, dtype="<u8").reshape(-1, n_words).astype(np.uint64)


def from_words(words: Words) -> int:
    """A set of labels given as words, as an int."""
    return int.from_bytes(words.astype("<u8").tobytes(), "little")


def _bytes_each(n_words: int) -> int:
    """Of a basis, its tight labels, its state and its share of the hash table."""
    return 2 * 8 * n_words + 1 + 4 * 4


def _n_words(polytope: Polytope) -> int:
    return -(-polytope.n_labels // 64)


def _grown(array: np.ndarray, size: int) -> np.ndarray:
    fresh = np.zeros((size, *array.shape[1:]), array.dtype)
    fresh[: len(array)] = array
    return fresh
