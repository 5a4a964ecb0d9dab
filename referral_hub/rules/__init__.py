"""What is allowed: plain Python, no Flask, no database, no clock."""
