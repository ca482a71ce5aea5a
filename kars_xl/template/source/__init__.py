"""A template's workbook → its records, through openpyxl."""
