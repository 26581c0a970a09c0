"""The desk's commands and their keys: one list, from which pages, key list and script all read."""
