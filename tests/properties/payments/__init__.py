"""Money by gateways at random, against a pencil."""
