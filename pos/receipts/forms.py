"""Forms of receipts in the back office."""

from typing import Any, Final
from uuid import UUID

from django import forms

from pos.catalog.images import MAX_BYTES
from pos.receipts.services.settings import ReceiptWords

_MOST_LINES: Final = 8
_LONGEST_LINE: Final = 64


class LinesField(forms.CharField):
    """A few lines, each for itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 5, "cols": 42}), **kwargs)

    def to_python(self, value: Any) -> Any:
        """The lines that say something."""
        text = super().to_python(value) or ""
        lines = tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
        if len(lines) > _MOST_LINES:
            raise forms.ValidationError(f"At most {_MOST_LINES} lines.")
        if any(len(line) > _LONGEST_LINE for line in lines):
            raise forms.ValidationError(f"A line has at most {_LONGEST_LINE} characters.")
        return lines


class ReceiptWordsForm(forms.Form):
    """What stands around receipts. A picture that is chosen becomes the logo."""

    header = LinesField(label="Above")
    footer = LinesField(label="Below")
    link = forms.BooleanField(label="QR code to the receipt's page", required=False)
    picture = forms.FileField(
        label="New logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )
    without_logo = forms.BooleanField(label="No logo", required=False)

    def clean_picture(self) -> bytes:
        """The file's content, or nothing."""
        file = self.cleaned_data["picture"]
        if file is None:
            return b""
        if file.size > MAX_BYTES:
            raise forms.ValidationError("At most 10 MB.")
        content: bytes = file.read()
        return content

    def words(self, *, logo: UUID | None) -> ReceiptWords:
        """What is stated, with this picture."""
        given = self.cleaned_data
        return ReceiptWords(
            header=given["header"],
            footer=given["footer"],
            has_link=given["link"],
            logo=None if given["without_logo"] else logo,
        )


class LetterForm(forms.Form):
    """To whom a receipt shall be sent."""

    to = forms.EmailField(label="E-mail", max_length=254)
