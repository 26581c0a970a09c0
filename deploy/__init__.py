"""Setting up, starting and checking the project on one machine."""
