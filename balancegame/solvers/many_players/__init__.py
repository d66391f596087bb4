"""All equilibria of any number of players, by subdivision."""
