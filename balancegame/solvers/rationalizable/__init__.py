"""Actions that some belief in rational others supports."""
