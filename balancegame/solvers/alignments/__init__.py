"""Stable alignments of states in two camps: all of them, their basins, the best one."""
