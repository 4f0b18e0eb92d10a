"""Local stand-ins of chat and SMS vendors: they check signatures, answer with the vendors' own errors, keep what arrives on disk, press buttons."""
