"""The words of the domain: no I/O, and none of the other packages."""
