"""Products of polytopes of equilibria: the largest of them, and which are connected."""

from __future__ import annotations

from collections.abc import Sequence

from balancegame.solvers.many_players.exact_supports import Product
from balancegame.solvers.polytopes.rational_polytope import hulls_meet


def maximal_products(products: Sequence[Product]) -> list[Product]:
    """Those that lie in no other, each once."""
    ordered = sorted({_sorted(product) for product in products}, key=_size, reverse=True)
    kept: list[Product] = []
    for product in ordered:
        # A point lies in another product, if at all, in one of more than a point.
        if not any(_size(other) > 1 and lies_in(product, other) for other in kept):
            kept = [one for one in kept if _size(product) == 1 or not lies_in(one, product)]
            kept.append(product)
    return kept


def _sorted(product: Product) -> Product:
    return tuple(tuple(sorted(part)) for part in product)


def _size(product: Product) -> int:
    total = 1
    for part in product:
        total *= len(part)
    return total


def lies_in(product: Product, other: Product) -> bool:
    """Whether each player's vertices are mixtures of the other's."""
    return all(
        set(part) <= set(wider) or all(hulls_meet([vertex], wider) for vertex in part)
        for part, wider in zip(product, other, strict=True)
    )


def product_components(products: Sequence[Product]) -> list[list[int]]:
    """The places of maximal products that are connected, directly or by others."""
    component = list(range(len(products)))
    # A point that lies in no other product is connected to none.
    wide = [place for place, product in enumerate(products) if _size(product) > 1]
    for k, place in enumerate(wide):
        for other in wide[:k]:
            if component[other] == component[place]:
                continue
            if all(map(hulls_meet, products[place], products[other])):
                old, new = component[place], component[other]
                component = [new if one == old else one for one in component]
    groups: dict[int, list[int]] = {}
    for place, one in enumerate(component):
        groups.setdefault(one, []).append(place)
    return list(groups.values())
