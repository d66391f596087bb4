"""Sweeps: a question asked at every point of a grid of parameters."""
