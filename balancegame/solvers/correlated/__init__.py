"""Correlated equilibria, by linear programs."""
