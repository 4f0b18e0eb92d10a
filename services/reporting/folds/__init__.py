"""Pure functions from archived facts to rows: the only place that says what a projection means."""
