"""Steps that several use cases share, inside their transactions."""
