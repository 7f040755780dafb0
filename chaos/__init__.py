"""The whole shop under fire: everything is killed at random while customers buy."""
