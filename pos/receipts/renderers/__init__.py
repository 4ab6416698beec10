"""One module per medium: each takes a receipt's document and gives what the medium shows. Pure."""
