"""Exact conditions under which a profile is an equilibrium, solved for a parameter."""
