"""The way in: file checks, splitting into pages, offline packages."""
