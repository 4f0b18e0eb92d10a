"""The way out: when a message may leave, whether it is still true, how it is put together, by which channel it goes."""
