"""A programme → the official workbook, verified; and what was edited in a workbook after that.
In: a programme with its sources, and a template. Out: a file, or findings and no file. `nodes/` makes the data tree
that templates are filled from, `render` lays out, evaluates, verifies and writes, `verify/` compares with the
programme, `edits/` keeps a record in the workbook and tells what differs from it."""
