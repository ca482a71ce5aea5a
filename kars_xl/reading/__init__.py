"""Any file → the official tables that it holds. In: paths or bytes. Out: a `tables.Document` with a Place at each
value. `grid/` makes cells of a file's bytes, `recognise` finds the tables by their headings, `rows/` types the rows of
the five official tables and `general/` those of Tablo 1–10, `cell_values` reads a cell as amount, value or text;
`files` does all of it for paths, `plan` reads the office's own list."""
