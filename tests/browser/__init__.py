"""A walk through the pages of stock and of payments in a real Chromium: `.venv/bin/python -m tests.browser`.

Not part of `bin/test`: a clean machine may have no browser. `servers` and `goods` make a merchant to walk in,
`chromium` and `tab` drive the browser over the DevTools protocol, every other file is one part of the walk.
"""
