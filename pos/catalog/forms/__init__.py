"""The back office's forms of the catalogue, by what they tell: what people type becomes a document."""
