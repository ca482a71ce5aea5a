"""The general tables of a programme (Tablo 1–10 and their like): their reading and their checks."""

from kars_xl.general.read import take_general
from kars_xl.general.rules import check_general, name_of

__all__ = ["check_general", "name_of", "take_general"]
