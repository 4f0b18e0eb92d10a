"""Metric contracts, their statistics, and the cases behind each number."""
