"""The catalogue as documents: one JSON form for tills, price book, API, import and export.

`reading` makes documents of rows, `checking` says what is wrong with documents (pure), `canonical` brings them
to their one form, `references` says what refers to what. Writing them is `pos.catalog.services.documents`.
"""
