"""Reading Indonesian as customers write it.

A pure package: no framework, no network, no input or output but its own data files. Every reader
takes text and gives back plain values with the place (start, end) in the text as it was written,
and runs in time linear in the length of the text.
"""
