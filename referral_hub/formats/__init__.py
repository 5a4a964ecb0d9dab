"""What files look like: bytes of many formats to plain records, and back."""
