"""What the relay counts. Labels are reader names only: their number is bounded, that of tenants is not."""

from prometheus_client import Counter, Gauge, Histogram

delivered = Counter("fynlo_relay_items_total", "Feed items handed to a reader", ["reader"])
failures = Counter(
    "fynlo_relay_failures_total", "Pages a reader failed on (handed out again later)", ["reader"]
)
failing_tenants = Gauge(
    "fynlo_relay_failing_tenants",
    "Tenants a reader is failing for now",
    ["reader"],
    multiprocess_mode="livemax",
)
page_seconds = Histogram("fynlo_relay_page_seconds", "Time to hand over one page", ["reader"])
sweeps = Counter("fynlo_relay_sweeps_total", "Sweeps over all live tenants", ["outcome"])
