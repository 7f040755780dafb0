"""Documents, their indexes and their atomic moves."""
