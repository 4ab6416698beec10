"""Gift cards and store credit at random, against a pencil."""
