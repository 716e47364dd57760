"""The benchmark of lookups: questions of known targets, how long each takes and what it finds.

The same questions judge what a lookup says of itself: how probable it is that it missed a target.
"""
