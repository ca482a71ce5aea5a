"""Edits after the merge: what was written stands in the workbook itself, and a changed copy is held against it.
record (packed text ⇄ cells, added to the layout) · match and align (sheets, rows and columns that
moved) → compare (what changed) → findings."""
