"""What the sockets count. No tenant labels: their number is not bounded."""

from prometheus_client import Counter, Gauge

sockets = Gauge(
    "fynlo_sockets_open", "Sockets that are authenticated and following the feed", multiprocess_mode="livesum"
)
closed = Counter("fynlo_sockets_closed_total", "Sockets the server closed", ["code"])
frames = Counter("fynlo_socket_frames_total", "Event frames sent", ["source"])
