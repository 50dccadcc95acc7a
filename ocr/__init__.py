"""Image to text, text to fields. Pure: no database, no storage."""
