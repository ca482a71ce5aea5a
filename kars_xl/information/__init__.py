"""The general tables (Tablo 1–10) as part of the programme: from forms and plan to the workbook."""

from kars_xl.information.kinds import in_order
from kars_xl.information.merge import check_information, information_of, propose_units

__all__ = ["check_information", "in_order", "information_of", "propose_units"]
