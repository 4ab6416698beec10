"""Statements of house accounts in their media: `pdf.render_pdf`, `csv_file.render_csv`. Pure."""
