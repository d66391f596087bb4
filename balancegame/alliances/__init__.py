"""The domain: what states may do about a threat, and the games that follow."""

from balancegame.alliances import published as published  # lazy: it loads no model before its use
