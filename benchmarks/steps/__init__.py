"""P9's sides, a process each: the product, its rivals, and the Bot API that they all answer to."""
