"""What is written about receipts: copies, and letters."""
