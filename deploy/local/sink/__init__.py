"""A mail server that delivers to a folder, for demos and tests: what people would receive is read from here."""
