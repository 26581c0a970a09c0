"""Pages about reseller agents: who they are, and what a second person decides for them."""
