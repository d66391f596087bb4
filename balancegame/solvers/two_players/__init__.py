"""All equilibria of two players, as pairs of vertices."""
