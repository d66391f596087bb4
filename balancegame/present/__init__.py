"""Worlds, models and equilibria for people to read."""
