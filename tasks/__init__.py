"""Workers: a name, an id, one service call."""
