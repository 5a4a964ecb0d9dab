"""Where the addresses are."""
