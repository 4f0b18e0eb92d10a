"""The HTML report: one self-contained file, the recruiter's morning first."""
