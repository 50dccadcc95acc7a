"""The search room: what is written to the search index, how text is analysed, and who finds what."""
