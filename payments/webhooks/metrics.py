"""What the doors for vendors count. Labels are names of gateways and outcomes, both fixed in code."""

from prometheus_client import Counter

rung = Counter("fynlo_webhooks_total", "Calls of vendors, by what became of them", ["gateway", "outcome"])
