"""The languages of receipts, one file each."""
