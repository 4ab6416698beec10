"""The fiscal core: what a journal says and how it is chained. Pure and versioned."""
