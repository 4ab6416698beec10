"""Papers to suppliers in their media: `pdf.render_pdf(document=…)`, `csv_file.render_csv(document=…)`. Pure."""
