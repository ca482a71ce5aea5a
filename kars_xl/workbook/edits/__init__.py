"""Edits after the merge: what was written stands in the workbook itself, and a changed copy is held against it.

keep (adds the record to the layout) · record (packed text ⇄ cells) · match and align (sheets, rows and columns that
moved) → structure and compare (what changed) → findings.
"""
