"""Four eyes: what a second person decides, who that may be, and for which answers it counts."""
