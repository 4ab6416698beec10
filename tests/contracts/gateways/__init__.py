"""Every gateway against every fault: whatever goes wrong, an intent has one effect."""
