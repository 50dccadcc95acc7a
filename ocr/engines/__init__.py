"""Engines that turn the image of a page into lines of words."""
