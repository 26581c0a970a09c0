"""`make bench`: how fast the house is with 100,000 tickets in it (docs/benchmarks.md)."""
