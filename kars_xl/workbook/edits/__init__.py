"""Edits after the merge: what was written stands in the workbook itself, and a changed copy is held against it.
record (packed text ⇄ cells) · match (sheets, rows and columns that moved) → compare (what changed) → findings."""
