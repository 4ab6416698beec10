"""Fynlo on one machine with four example merchants: `bin/demo`, and `bin/demo --check` for machines.

`command` prepares and serves, `supervisor` keeps the processes together, `check` sells through the public
API.
"""
