"""The forms of listings, read from their records and written back as edits."""
