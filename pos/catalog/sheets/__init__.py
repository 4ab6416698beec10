"""The sheets of a catalogue file, declared once: reading, diff, writing, export, documentation and the admin's
wizard all follow from `declared.SHEETS`. A new column is one line there. Pure.
"""
