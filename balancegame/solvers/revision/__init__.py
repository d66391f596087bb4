"""Revision as a Markov chain on pure profiles: long-run law, resistances, expected times."""
