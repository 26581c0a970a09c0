"""Finding tickets by their words: what the box says, the index, the answer (docs/search.md)."""
