"""The doors that people open: an ask, the staff's home, what we hold. A GET changes nothing; only a POST with a one-time value acts."""
