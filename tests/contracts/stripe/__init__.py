"""Stripe on loopback: judged by the installed library, strict about everything it does not know."""
