"""Trains the line detector's network from nothing on rendered pages. Needs PyTorch; never imported at run time."""
