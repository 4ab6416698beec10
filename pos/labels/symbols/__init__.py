"""Barcodes as the widths of their bars: EAN and UPC, Code 128, GS1-128; QR codes as a square of dots. Pure.

They are encoded here and not in the PDF, because printers are told the same symbols in their own words and all of
them have to know how much room one needs.
"""
