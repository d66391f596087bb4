"""Certificates and the checker that needs no solver: the standard library alone, nothing else.

The folder is complete in itself. Where the package is not installed, copy it anywhere and run
``python -m certificates FILE`` beside it.
"""
