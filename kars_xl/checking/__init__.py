"""The rules, as pure functions from documents and programme to findings; and what is to be thought of a source. In:
documents and what merging made of them. Out: findings. `source` is the way from paths to a programme with its findings,
and which figures of it are in doubt. `book` is what all tables say of each activity; `tables/` has the rules that read
it, for forms and audits alike. `rules` calls these and what else forms are held against: the plan, their own rows,
`quality` the advice, `general/` Tablo 1–10. `indicator_names` is what an indicator's name says."""
