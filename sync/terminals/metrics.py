"""What pairing counts. No tenant labels: their number is not bounded."""

from prometheus_client import Counter

pairings = Counter("fynlo_pairings_total", "Tries to pair a device: paired, repeated, refused", ["outcome"])
