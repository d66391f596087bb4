"""Equilibria that no coalition leaves."""
