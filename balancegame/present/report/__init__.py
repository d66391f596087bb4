"""The report on a world: what is found out (`findings`), and how it is written (`sections`)."""
