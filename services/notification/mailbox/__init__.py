"""The mail door: what people answer by mail. Reading is pure; only what is clear counts, for all else they are asked back."""
