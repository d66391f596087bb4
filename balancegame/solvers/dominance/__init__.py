"""Actions that are beaten."""
