"""The shape of a paper of supervision that is put on record."""

from django import forms

from tracking.choices import PaperKind
from tracking.forms.report import DayField, PastedField


class PaperForm(forms.Form):
    """Kind, number and days of a paper that was sent."""

    kind = forms.ChoiceField(label="文书", choices=PaperKind.choices)
    number = PastedField(
        label="编号", max_length=60, help_text="按本机关编号规则，如“利政督〔2017〕8号”。"
    )
    issued_on = DayField(label="发出日期")
    answer_by = DayField(label="反馈期限")
