"""Values and rules that touch nothing outside the process."""
