"""The programme as frozen values: goals, targets, indicators, activities, cost rows, units, where figures come from.

In: nothing but `base`. Out: `programme` (the values), `cost_rows`, `units` (which unit a spelling means), `sources`
(which cell of which form gave a figure), `general_tables` (Tablo 1–10, policies). No I/O; money is whole kuruş (int).
"""
