"""Training of the line recognizer: rendered lines, a small network, a schedule bounded by time."""
