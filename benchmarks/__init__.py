"""Speed, shown as ratios of two measures taken in the same run: these machines are noisy."""
