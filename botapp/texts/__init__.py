"""How everything is said: sentences are functions, marked for gettext."""
