"""Laid-out sheets → the bytes of an .xlsx, through XlsxWriter."""
