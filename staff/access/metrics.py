"""What sign-ins count. No tenant labels: their number is not bounded."""

from prometheus_client import Counter

sign_ins = Counter("fynlo_sign_ins_total", "Sign-ins with a PIN: opened, refused, delayed", ["outcome"])
