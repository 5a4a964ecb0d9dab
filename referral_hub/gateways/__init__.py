"""Doors to what is outside: the data behind them is not ours, and any of them may fail."""
