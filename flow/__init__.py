"""The steps from left to right, a module each, each one transaction that joins the rooms."""
