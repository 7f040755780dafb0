"""Those who take money for us."""
