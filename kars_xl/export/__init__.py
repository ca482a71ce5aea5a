"""The official workbook in other forms: the booklet as PDF."""
