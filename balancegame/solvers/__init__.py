"""One algorithm or solution concept a file, named as in the literature."""
