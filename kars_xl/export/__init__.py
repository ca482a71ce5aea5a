"""The programme in other forms: the booklet as PDF, tidy tables as pandas frames and as files."""
