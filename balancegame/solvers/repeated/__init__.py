"""Repeated games: which payoffs equilibria give, and what sustains them."""
