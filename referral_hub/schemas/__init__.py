"""What JSON looks like: marshmallow schemas written by hand."""
