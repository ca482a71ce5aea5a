"""The checks of the general tables of a programme (Tablo 1–10 and their like)."""
