"""What customers see and do, a screen at a time."""
