"""The programme as frozen values: goals, targets, indicators, activities, cost rows, units, and where figures come
from.

In: nothing but `base`. Out: `programme` (the values), `units` (which unit a spelling means), `sources` (which cell of
which form gave a figure), `policies` and `general_tables`. No I/O; money is whole kuruş (int).
"""
