"""Games and what a solution of one looks like; knows nothing of states or alliances."""
