"""Engines that turn the image of a page into lines of words."""

import os

# Tesseract reads it when its library is loaded, after this package: its own threads cost more than they give.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
