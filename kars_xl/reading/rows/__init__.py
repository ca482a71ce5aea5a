"""The rows of each official table: which column is which, and what a row is, as one small class a table."""
