"""What a row of each kind of file means: what it would do, doing it, and taking it back."""
