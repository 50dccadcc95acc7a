"""Duplicates: finding pairs of documents that may be one, and showing them."""
