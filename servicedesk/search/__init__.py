"""Search over everything: who finds what, in which words, for palette and page alike."""
