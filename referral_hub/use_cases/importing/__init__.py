"""The steps of an import: stage and check, resolve references, load."""
