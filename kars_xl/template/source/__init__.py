"""A template's workbook → its records, read from the XML of its package."""
