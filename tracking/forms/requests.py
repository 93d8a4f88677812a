"""The shape of what units ask for, and of the answers."""

from django import forms

from tracking.forms.report import NO_SECRETS, DayField, PastedField


class WordsField(PastedField):
    """A few sentences that have to be there."""

    def __init__(self, label: str, *, rows: int = 3, help_text: str = NO_SECRETS) -> None:
        super().__init__(
            label=label,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": rows}),
            help_text=help_text,
        )


class AskExtensionForm(forms.Form):
    """延期申请 of a unit."""

    new_due_on = DayField(label="申请延至")
    reason = WordsField("延期理由")
    progress = WordsField("目前进展")


class ConsentForm(forms.Form):
    """Who agreed, and when; with the version on the screen."""

    approved_by = PastedField(label="批准领导", max_length=40)
    approved_on = DayField(label="批准日期")
    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class GrantExtensionForm(ConsentForm):
    """同意延期: the leader may have set another day."""

    new_due_on = DayField(label="延至")
    field_order = ("new_due_on", "approved_by", "approved_on")


class RefuseForm(forms.Form):
    """不同意, with the reason that the unit reads."""

    note = WordsField("不同意的理由", help_text="申请单位会原样看到。")
    expected_version = forms.IntegerField(widget=forms.HiddenInput)
