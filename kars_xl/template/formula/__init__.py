"""The formula language: parsed, its references, what templates may use; Excel's and ODF's spelling."""
