"""The shape of what people type about the work."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.errors import InvalidError
from accounts.files import MEDIA_TYPES, Upload, refuse_unfit
from tracking.choices import WorkStatus
from tracking.models import Submission
from tracking.usecases import NewEvidence, Report
from tracking.usecases.submissions import MARKED_SECRET, SAID

LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
BLANK_LINES = re.compile(r"\n{3,}")
NOT_TO_BE_KEPT = {"Cc", "Cf", "Cs"}
NO_SECRETS = "本系统为非涉密系统，严禁填报涉密和敏感信息。"
MARKED = "内容带有密级标志（秘密★、机密★或绝密★），没有保存。本系统不能填报涉密信息。"


def clean_pasted(text: str) -> str:
    """Return the text without what Word leaves behind: zero-width and control characters, odd
    blanks and line ends, its private bullets, and more than one blank line in a row."""
    text = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Co":
            kept.append("·")
        elif category == "Zs" and character != "\u3000":
            kept.append(" ")
        elif character == "\n" or (category not in NOT_TO_BE_KEPT and character not in "￼�"):
            kept.append(character)
    lines = "\n".join(line.rstrip() for line in "".join(kept).split("\n"))
    return BLANK_LINES.sub("\n\n", lines).strip()


class PastedField(forms.CharField):
    """Text that may come from Word."""

    def to_python(self, value: Any) -> str:
        """Clean the text before anything looks at it."""
        return clean_pasted(super().to_python(value) or "")


def _without_secrets(text: str) -> str:
    if MARKED_SECRET.search(text):
        raise forms.ValidationError(MARKED)
    return text


class ProseField(PastedField):
    """A few sentences that may be left out."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(required=False, max_length=2000, **kwargs)

    def clean(self, value: Any) -> str:
        """Refuse words that bear a mark of secrecy."""
        return _without_secrets(super().clean(value))


class DayField(forms.DateField):
    """A day, picked or typed as 2017-11-20."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y/%m/%d"])
        kwargs.setdefault("error_messages", {"invalid": "请按 2017-11-20 的样式填写日期。"})
        super().__init__(**kwargs)


class ReportForm(forms.Form):
    """What a liaison says of a milestone; whatever is typed can be kept as a draft."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    work_status = forms.ChoiceField(
        label="办理状态", choices=WorkStatus.choices, required=False, widget=forms.RadioSelect
    )
    completed_on = DayField(
        label="实际完成日期", required=False, help_text="办理状态为“已完成”时填写。"
    )
    narrative = PastedField(
        label="进展情况",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=f"写做了什么、形成什么文件、公布在哪里，300字左右。{NO_SECRETS}",
    )
    is_unchanged = forms.BooleanField(label="无变化（与上次反馈相比没有新进展）", required=False)
    problems = ProseField(label="存在问题及原因")
    next_steps = ProseField(label="下一步安排")
    help_wanted = ProseField(
        label="需区政府协调解决的事项", help_text="写清需要谁、解决什么；没有的不填。"
    )
    expected_on = DayField(
        label="预计完成日期",
        required=False,
        help_text="确有困难的，或完成时限已过仍在推进的，请填写。",
    )
    FOLDED = ("problems", "next_steps", "help_wanted", "expected_on")

    def clean_narrative(self) -> str:
        """Refuse a text that bears a mark of secrecy."""
        return _without_secrets(self.cleaned_data["narrative"])

    @property
    def folded(self) -> list[forms.BoundField]:
        """What stands folded below the three questions."""
        return [self[name] for name in self.FOLDED]

    @property
    def is_unfolded(self) -> bool:
        """Whether something is written, or wrong, below the fold."""
        return any(field.errors or field.value() for field in self.folded)

    def typed(self) -> list[tuple[str, str]]:
        """Return what was typed in words, with the label of its field."""
        names = ("narrative", *self.FOLDED[:-1])
        said = [(str(self.fields[name].label), self.data.get(name, "")) for name in names]
        return [(label, text) for label, text in said if text.strip()]

    def report(self, kept: Submission | None) -> Report:
        """Return what holds of the form; for what does not, what had been kept before."""

        def value(name: str) -> Any:
            if name in self.cleaned_data:
                return self.cleaned_data[name]
            return getattr(kept or Report(), name)

        return Report(**{name: value(name) for name in SAID})


class SignatureForm(forms.Form):
    """Who signed the report in the house, and when."""

    signed_by = PastedField(label="审签人", required=False, max_length=40)
    signed_on = DayField(label="审签日期", required=False)

    def require(self) -> bool:
        """Ask for both, for a report that is to leave the house; say whether they are there."""
        if self.is_valid():
            if not self.cleaned_data["signed_by"]:
                self.add_error("signed_by", "请填写审签人。")
            if not self.cleaned_data["signed_on"]:
                self.add_error("signed_on", "请填写审签日期。")
        return not self.errors


class ContributionForm(forms.Form):
    """What a supporting unit adds to the report of another."""

    text = PastedField(
        label="配合情况",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"写本单位做了什么，供牵头单位汇总。{NO_SECRETS}",
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class EvidenceForm(forms.Form):
    """One document that proves a report."""

    name = PastedField(label="文件名称", required=False, max_length=200)
    document_number = PastedField(label="文号", required=False, max_length=60)
    issued_on = DayField(label="印发日期", required=False)
    url = forms.URLField(
        label="公开网址",
        required=False,
        max_length=200,
        assume_scheme="http",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        error_messages={"invalid": "网址不完整，应像 http://www.nxlt.gov.cn/ 这样。"},
    )
    file = forms.FileField(
        label="附件",
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(MEDIA_TYPES)}),
        error_messages={"empty": "文件是空的，请检查后重新上传。"},
    )

    def clean_name(self) -> str:
        """Refuse a name that bears a mark of secrecy."""
        return _without_secrets(self.cleaned_data["name"])

    def clean_file(self) -> Upload | None:
        """Refuse a file that would not be stored, with its reason, before anything is saved."""
        upload: Upload | None = self.cleaned_data["file"]
        if upload is not None:
            try:
                refuse_unfit(upload)
            except InvalidError as error:
                raise forms.ValidationError(error.message) from error
        return upload

    def clean(self) -> dict[str, Any]:
        """Ask for a name or a file where anything else was typed."""
        given = self.cleaned_data
        if self.has_changed() and not (self.errors or given.get("name") or given.get("file")):
            self.add_error("name", "请填写文件名称，或选择文件。")
        return given

    def evidence(self) -> NewEvidence | None:
        """Return what can be kept of the row, a chosen file above all; None when nothing can."""
        given = getattr(self, "cleaned_data", {})
        if not self.has_changed() or not (self.is_valid() or given.get("file")):
            return None
        if "name" not in given:
            return None
        return NewEvidence(
            name=given["name"],
            document_number=given.get("document_number", ""),
            issued_on=given.get("issued_on"),
            url=given.get("url", ""),
            upload=given.get("file"),
        )


EvidenceFormSet = forms.formset_factory(EvidenceForm, extra=3, max_num=20, absolute_max=20)


def evidence_left_over(
    rows: Sequence[EvidenceForm],
) -> tuple[list[NewEvidence], list[EvidenceForm], list[str]]:
    """Part the rows into what can be kept, what has to be mended, and sentences on what was kept
    without one of its fields."""
    kept, broken, sentences = [], [], []
    for row in rows:
        found = row.evidence()
        if found is not None:
            kept.append(found)
            if row.errors:
                left_out = "、".join(str(row.fields[name].label) for name in row.errors)
                shown = found.name or (found.upload.name if found.upload else "")
                sentences.append(
                    f"佐证材料“{shown}”已保存，但{left_out}填写有误没有保存；"
                    "需要的话移除后重新添加。"
                )
        elif row.errors:
            broken.append(row)
    return kept, broken, sentences


class ExtensionForm(forms.Form):
    """A day moved with a leader's consent."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    asked_on = DayField(label="申请日期")
    new_due_on = DayField(label="延至")
    approved_by = PastedField(label="批准领导", max_length=40)
    approved_on = DayField(label="批准日期")
    reason = PastedField(
        label="延期理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_SECRETS,
    )
