"""Polytopes, linear programs and matrix games in exact numbers."""
