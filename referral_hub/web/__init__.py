"""Shared plumbing of HTTP: input, errors, headers, presentation."""
