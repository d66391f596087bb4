"""Compiled code: arrays in, arrays out. Callers check their arguments; nothing here is public."""
