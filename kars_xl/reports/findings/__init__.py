"""The findings by unit, and their page."""
