"""A programme → the data tree that templates are filled from."""
