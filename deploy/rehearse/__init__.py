"""A policy played through before anybody's life depends on it: one hire, every message each person would get."""
