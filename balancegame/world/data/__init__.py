"""Readers of the data sets the field publishes: one data set a file.

Each takes a path or a DataFrame, checks it as untrusted, and returns a DataFrame with documented
columns, in which missing-value codes are missing values. No data come with the package.
"""
