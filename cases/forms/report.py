"""The form by which a reader reports an error. It asks for no personal data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import ErrorReport


class ReportForm(forms.ModelForm):
    message = forms.CharField(
        label=_("What is wrong, and how do you know?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 8, "maxlength": 2000}),
        help_text=_("At most 2,000 characters. A source helps: an address, a document, a page."),
    )
    contact = forms.CharField(
        label=_("How to reach you (not needed)"),
        max_length=200,
        required=False,
        help_text=_("Only if you would like an answer. It is seen by the editors only."),
    )

    class Meta:
        model = ErrorReport
        fields = ("message", "contact")
