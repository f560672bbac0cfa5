"""Pages kept ready, for readers who ask for what others have asked for since the last change.

`addresses` says which requests may be answered so, `rooms` keeps the answers within a bound of memory, and
`middleware` is the way of a request. See stories/decisions/kept-pages.md.
"""
