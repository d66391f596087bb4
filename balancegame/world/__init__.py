"""States, their power, and how parallel their interests are."""
