"""Who is calling: tests of what the flows believe, and what they refuse."""
