"""The balancing model written again from its description, profile by profile, for comparison.

Shares nothing with the package but the names of the parameters. Letters: B balance, W bandwagon,
N neutral, R arm, U undermine.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

LETTERS = {"balance": "B", "bandwagon": "W", "neutral": "N", "arm": "R", "undermine": "U"}


@dataclass
class NaiveModel:
    p: list[float]
    H: float
    A: list[list[float]]  # states, then the threat
    D: float = 1.0
    alpha: float = 0.6
    rho: float = 0.0
    psi: float = 0.1
    sigma_plus: float = 0.0
    sigma_minus: float = 0.0
    lam: float = 0.0
    eta: float = 1.0
    c: float = 0.1
    c_R: float = 0.1
    c_U: float = 0.1
    g: float = 0.5
    mu: float = 0.3
    m: float = 1.0
    theta: float = 1.0
    nu: float = 1.0
    contest: str = "ratio"
    k: float = 4.0
    phi: float = 0.05
    Gamma: float = 1.0
    K: float = 1.0
    c_E: float = 0.1
    e: list[float] = field(default_factory=list)

    def power_of(self, q: dict[int, float]) -> float:
        total = sum(q.values())
        if total == 0:
            return 0.0
        square = sum(q[i] * q[j] * self.A[i][j] for i in q for j in q)
        kappa = math.sqrt(max(0.0, square)) / total
        return total if self.theta == 0 else kappa**self.theta * total

    def camps(self, profile: str):
        n = len(self.p)
        ours = {
            i: self.p[i] * (1 + self.g if profile[i] == "R" else 1)
            for i in range(n)
            if profile[i] in "BRU"
        }
        theirs = {i: self.p[i] for i in range(n) if profile[i] == "W"}
        theirs[n] = self.H * (1 - self.mu) ** profile.count("U")
        return ours, theirs

    def pi(self, profile: str) -> float:
        ours, theirs = self.camps(profile)
        plus, minus = self.power_of(ours), self.power_of(theirs)
        if self.contest == "logistic":
            return 1 / (1 + math.exp(-self.k * (plus - minus) / (sum(self.p) + self.H)))
        if not ours:
            return 0.0
        if plus == minus == 0:
            return 0.5
        return plus**self.m / (plus**self.m + minus**self.m)

    def company(self, profile: str, i: int) -> float:
        n = len(self.p)
        if profile[i] == "N":
            return 0.0
        if profile[i] == "W":
            camp = [j for j in range(n) if profile[j] == "W" and j != i] + [n]
        else:
            camp = [j for j in range(n) if profile[j] in "BRU" and j != i]
        power = [*self.p, self.H]
        scale = sum(x ** (2 * self.eta) for x in power)
        return sum(self.A[i][j] * (power[i] * power[j]) ** self.eta / scale for j in camp)

    def cost(self, profile: str, i: int) -> float:
        costs = {"B": self.c, "R": self.c + self.c_R, "U": self.c + self.c_U}
        return costs.get(profile[i], 0.0)

    def war(self, profile: str) -> list[float]:
        n, pi = len(self.p), self.pi(profile)
        ours, _ = self.camps(profile)
        together = sum(self.p) + self.H
        minus = self.H + sum(self.p[j] for j in range(n) if profile[j] == "W")
        payoffs = []
        for i in range(n):
            domination = self.D * (self.e[i] if self.e else 1.0)
            gain = 0.0
            if profile[i] in "BRU":
                loss = (1 - pi) * (domination + self.rho)
                gain = pi * self.sigma_plus * minus / together * ours[i] / sum(ours.values())
            elif profile[i] == "N":
                loss = (1 - pi) * self.nu * domination
            else:
                loss = (1 - pi) * self.alpha + pi * self.psi
                gain = (1 - pi) * self.sigma_minus * sum(ours.values()) / together
                gain *= self.p[i] / minus
            payoffs.append(
                1 - loss + gain + self.lam * self.company(profile, i) - self.cost(profile, i)
            )
        return payoffs

    def peace(self, profile: str) -> list[float]:
        return [
            1
            + self.lam * self.company(profile, i)
            - self.cost(profile, i)
            - (self.phi if profile[i] == "W" else 0)
            for i in range(len(self.p))
        ]

    def strategic(self, profile: str, threat: str) -> list[float]:
        pi = self.pi(profile)
        spared = sum(x for x, a in zip(self.p, profile, strict=True) if a != "W") / sum(self.p)
        bracket = (1 - pi) * self.Gamma * spared - pi * self.K - self.c_E
        expands = threat == "expand" or (threat == "opportunist" and bracket >= 0)
        strength = (1 - self.mu) ** profile.count("U")
        states = self.war(profile) if expands else self.peace(profile)
        return [*states, strength + (bracket if expands else 0.0)]

    def profiles(self, actions):
        letters = [LETTERS[a] for a in actions]
        for cell in itertools.product(range(len(letters)), repeat=len(self.p)):
            yield cell, "".join(letters[a] for a in cell)
