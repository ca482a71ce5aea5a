"""Many documents → one programme.

In: documents, and the plan's programme where there is one. Out: `model.sources.Merged`: the programme in kuruş, where
each figure came from, and what was wrong on the way. `consolidate` is the job; `costs` and `targets` do the two kinds
of table.
"""
