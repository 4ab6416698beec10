"""Writing the catalogue as files: the way back of `csv_reading`, from the same sheets. Pure.

The same catalogue is the same bytes. What a spreadsheet could calculate is written so that it does not.
"""
