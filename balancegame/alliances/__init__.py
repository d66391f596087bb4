"""The domain: what states may do about a threat, and the games that follow."""
