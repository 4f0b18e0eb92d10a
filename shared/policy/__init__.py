"""Hiring policy as data and pure functions: no I/O but the packaged files, no clock.

`loader` reads policies and calendars; `due` plans an obligation; `sending` says when a message may leave.
"""
