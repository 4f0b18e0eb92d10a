"""The held clock's time-keeper: business time stands still until everything is quiet, then jumps to the next interesting instant."""
