"""What a report holds, one subject a file: results in, plain records out."""
