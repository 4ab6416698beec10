"""What asking providers came to, counted. Labels are codes of gateways, verbs and answers, all fixed in code."""

from prometheus_client import Counter

answered = Counter(
    "fynlo_payment_answers_total",
    "Answers of payment providers, by what was asked and what it came to",
    ["gateway", "verb", "answer"],
)
