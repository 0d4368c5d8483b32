"""The acts, one function each: (session, ..., actor, at). They never commit, send or see a request."""
