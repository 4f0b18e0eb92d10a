"""Kill each process in turn under many hires; the books must be the same as without a kill."""
