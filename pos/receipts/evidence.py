"""What speaks for a sale when a cardholder objects: what was sold, the receipt as text and on paper."""

from uuid import UUID

from fynlo.core.errors import NotFound
from payments.gateways.base import Evidence
from pos.receipts.queries.orders import receipt_document
from pos.receipts.renderers import pdf, text
from pos.receipts.renderers.receipt_blocks import receipt_paper


def sale_evidence(*, order_id: UUID) -> Evidence:
    """The evidence of one order; empty when there is no such order, or it has no receipt."""
    try:
        document = receipt_document(order_id=order_id)
    except NotFound:
        return Evidence()
    paper = receipt_paper(document)
    sold = "\n".join(f"{line.quantity.normalize():f} {line.name}" for line in document.lines)
    texts = {"order": sold, "receipt": text.render_paper(paper=paper)}
    made = (f"receipt-{document.number}.pdf", pdf.MEDIA_TYPE, pdf.render_pdf(paper=paper))
    return Evidence(texts=texts, papers={"receipt": made})
