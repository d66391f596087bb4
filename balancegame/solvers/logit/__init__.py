"""Quantal response, and the branch from the centroid."""
