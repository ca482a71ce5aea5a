"""Tablo 1–10 and their like, read: blocks of cells → tables by their words."""
