"""Questions about many games."""
