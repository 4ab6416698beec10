"""The one log of each tenant: what happened, in commit order, and who has read how far."""
