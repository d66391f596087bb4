"""Refinements and selection criteria, each decided for one equilibrium at a time."""
