"""The programme as frozen values: goals, targets, indicators, activities, cost rows, units, where figures come from.
In: nothing but `base`. Out: `programme` (the values, Tablo 1–10 and policies too), `cost_rows`, `units` (which unit a
spelling means), `sources` (which cell of which form gave a figure). No I/O; money is whole kuruş (int)."""
