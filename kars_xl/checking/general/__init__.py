"""The general tables of a programme (Tablo 1–10 and their like): their reading and their checks."""
