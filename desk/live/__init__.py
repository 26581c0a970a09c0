"""Live updates: what changed is told to open pages by id alone, and they fetch it as any reader would.

`feed` reads the append-only events, `readers` says who may learn of which, `hub` fans out to
`stream`s; `poll` is the same by plain requests.
"""
