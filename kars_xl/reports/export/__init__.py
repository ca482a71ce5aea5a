"""The programme in other forms: the booklet as PDF, tidy tables as pandas frames and as files."""

# What the tables can be written as: their files' suffixes.
FORMATS = ("csv", "json", "parquet")
