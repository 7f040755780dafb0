"""Those who carry parcels and sell labels."""
