"""机构改革: a new name, or who goes on with which task."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.forms import KeyedForm
from accounts.models import Department
from tracking.forms.desk import DayInput
from tracking.models import Assignment

RENAME, HAND_OVER = "rename", "hand_over"


class SuccessionForm(KeyedForm):
    """What becomes of a unit; for each task who goes on with it, where not the main one."""

    way = forms.ChoiceField(
        label="怎样变动",
        choices=[(RENAME, "更名，职责不变"), (HAND_OVER, "撤销，并入或拆分到其他单位")],
        widget=forms.RadioSelect,
        initial=HAND_OVER,
    )
    name = forms.CharField(
        label="新简称", max_length=60, required=False, help_text="更名时填；原名称记为曾用名。"
    )
    full_name = forms.CharField(label="新全称", max_length=100, required=False)
    main = forms.ModelChoiceField(
        Department.objects.none(),
        label="主要承接单位",
        required=False,
        empty_label="请选择",
        help_text="并入、拆分时选；人员和没有另外指定的任务随它走。新成立的单位请先在“单位”页新增。",
    )
    basis = forms.CharField(label="依据", max_length=200, help_text="机构改革方案的名称、文号。")
    effective_on = forms.DateField(label="生效日期", widget=DayInput())

    def __init__(
        self, *args: Any, unit: Department, tasks: Sequence[Assignment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        heirs = Department.objects.filter(district=unit.district_id).current().exclude(pk=unit.pk)
        main = self.fields["main"]
        assert isinstance(main, forms.ModelChoiceField)
        main.queryset = heirs.order_by("ordinal", "id")
        choices = [("", "随主要承接单位"), *((str(heir.pk), heir.name) for heir in main.queryset)]
        for task in tasks:
            self.fields[f"task-{task.pk}"] = forms.ChoiceField(
                label=task.measure.reference, choices=choices, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Want a new name or somebody who goes on."""
        data = super().clean() or self.cleaned_data
        if data.get("way") == RENAME and not data.get("name"):
            self.add_error("name", "请填写新简称。")
        if data.get("way") == HAND_OVER and not data.get("main") and "main" not in self.errors:
            self.add_error("main", "请选择主要承接单位。")
        return data

    @property
    def choices(self) -> dict[int, int]:
        """The tasks that do not go to the main unit: assignment id → department id."""
        return {
            int(name.removeprefix("task-")): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("task-") and value
        }
