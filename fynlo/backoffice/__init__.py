"""The frame of the back office, for merchants and for the platform: sites, page classes, how they look.

Each app hangs its own tables into it from its `admin.py`. The frame knows no app.
"""
