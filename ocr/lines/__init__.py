"""Where the text is: lines of a page with base line and x-height, in reading order; marks; which way up it lies."""
