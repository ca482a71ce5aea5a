"""Upper policy documents, mission, vision and principles: from a published source, in the plan, in the workbook.

read (from a programme, by general rules) → plan (the office's list) → nodes (what the templates are filled from).
"""
