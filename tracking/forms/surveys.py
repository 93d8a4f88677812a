"""The shape of what people type, or upload, of a survey."""

from decimal import Decimal
from typing import Any

from django import forms

from accounts.errors import DomainError
from accounts.files import Upload, refuse_unfit
from plans.readers import DocumentError, rows_from
from tracking.forms.report import DayField, PastedField
from tracking.usecases import SurveyResult

KINDS = (".xlsx", ".xls", ".pdf", ".doc", ".docx", ".wps", ".jpg", ".jpeg", ".png", ".zip")
TYPED = ("value", "sample_size", "surveyed_on", "surveyed_by")


class SurveyForm(forms.Form):
    """The result of a survey with its file; what is left empty is read from a filled-in sheet."""

    value = forms.DecimalField(
        label="满意度（%）",
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=7,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
        error_messages={
            "invalid": "请填写数字，不带百分号。",
            "min_value": "满意度在0到100之间。",
            "max_value": "满意度在0到100之间。",
        },
    )
    sample_size = forms.IntegerField(
        label="有效样本（份）",
        required=False,
        min_value=1,
        max_value=10_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
        error_messages={"invalid": "请填写份数，如500。", "min_value": "样本量要大于0。"},
    )
    surveyed_on = DayField(label="测评日期", required=False)
    surveyed_by = PastedField(label="测评单位", required=False, max_length=60)
    file = forms.FileField(
        label="测评结果文件",
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
        error_messages={
            "required": "请选择测评结果文件。",
            "empty": "文件是空的，请检查后重新上传。",
        },
    )

    def clean_file(self) -> Upload:
        """Refuse a file that would not be kept."""
        upload: Upload = self.cleaned_data["file"]
        try:
            refuse_unfit(upload, kinds=KINDS)
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        return upload

    def clean(self) -> dict[str, Any]:
        """Take what was not typed from the sheet, and ask for what is still missing."""
        given = self.cleaned_data
        missing = [name for name in TYPED if given.get(name) in (None, "")]
        missing = [name for name in missing if name not in self.errors]
        written = self._written() if missing and "file" in given else {}
        for name in missing:
            label = str(self.fields[name].label)
            try:
                given[name] = self.fields[name].clean(written.get(label, ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
                continue
            if given[name] in (None, ""):
                self.add_error(name, f"请填写{label}，或上传填好的测评登记表。")
        return given

    def _written(self) -> dict[str, str]:
        """Return what stands beside the labels of an uploaded sheet; nothing for other files."""
        upload: Upload = self.cleaned_data["file"]
        if not (upload.name or "").lower().endswith(".xlsx"):
            return {}
        try:
            rows = rows_from(upload.name or "", b"".join(upload.chunks()))
        except DocumentError as error:
            self.add_error("file", error.message)
            return {}
        return {row[0].strip(): row[1].strip() for row in rows if len(row) > 1}

    def result(self) -> SurveyResult:
        """Return what was found."""
        return SurveyResult(**{name: self.cleaned_data[name] for name in TYPED})
