"""How far the others can hold a player down."""
