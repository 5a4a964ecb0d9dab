"""What people do: one function is one intention and one transaction."""
