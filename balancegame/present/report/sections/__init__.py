"""The parts of a report, one a file: records in, HTML out."""
