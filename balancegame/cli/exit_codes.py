"""What the command line returns to the shell."""

DONE, CLAIM_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
