"""The channels: one module a vendor, all behind the seam in base.py; each knows its signing, limits, retries, receipts and errors."""
