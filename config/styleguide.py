"""Every component on one page, for those who build pages; shown only under DEBUG."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SHANGHAI = ZoneInfo("Asia/Shanghai")

STATES = (
    "尚无反馈",
    "正在推进",
    "正常推进",
    "待审签",
    "已报送待审核",
    "审核通过",
    "退回",
    "退回补正中",
    "即将到期",
    "逾期未反馈",
    "逾期未完成",
    "逾期办结",
    "按期完成迟报",
    "已办结",
    "已销号",
    "待签收",
    "待核实",
    "暂缓办理",
    "终止办理",
)

ROWS = (
    (
        "第1项（5）",
        "对保留的行政审批中介服务实行清单管理并向社会公布",
        "区发改局",
        2017,
        "逾期未完成",
    ),
    ("第13项", "重大行政决策合法性审查机制", "区政府办公室", 2017, "已报送待审核"),
    ("第26项②", "网络舆情监测、收集、研判、处置机制", "区委宣传部", 2017, "逾期未反馈"),
    (
        "第27项",
        "全面推进政务公开，坚持以公开为常态、不公开为例外",
        "区政府办公室",
        2017,
        "正在推进",
    ),
    ("第20项", "行政执法监督网络平台", "区政府法制办", 2019, "尚无反馈"),
)

ENTRIES = (
    {
        "at": datetime(2016, 9, 12, 9, 0, tzinfo=SHANGHAI),
        "what": "交办",
        "who": "区政府法制办 李××",
    },
    {"at": datetime(2016, 9, 14, 10, 20, tzinfo=SHANGHAI), "what": "签收", "who": "区发改局 王××"},
    {
        "at": datetime(2017, 6, 26, 16, 5, tzinfo=SHANGHAI),
        "what": "报送进展反馈（正在推进）",
        "who": "区发改局 王××",
        "tone": "going",
    },
    {
        "at": datetime(2017, 6, 28, 11, 30, tzinfo=SHANGHAI),
        "what": "退回",
        "who": "区政府督查室 陈××",
        "note": "清单尚未公布，请注明预计完成日期。",
        "tone": "back",
    },
)


class SampleForm(forms.Form):
    """One of each control, with help and choices as pages use them."""

    status = forms.ChoiceField(
        label="办理状态",
        choices=[
            ("done", "已完成"),
            ("going", "正在推进"),
            ("idle", "尚未启动"),
            ("hard", "确有困难"),
        ],
        widget=forms.RadioSelect,
    )
    finished_on = forms.DateField(
        label="实际完成日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="办理状态为“已完成”时填写。",
    )
    narrative = forms.CharField(
        label="进展情况",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写做了什么、形成什么文件、公布在哪里，300字以内。",
    )
    document = forms.CharField(label="文件名称", required=False)
    number = forms.CharField(label="文号", required=False)
    evidence = forms.FileField(label="佐证材料", required=False)
    unchanged = forms.BooleanField(label="与上次反馈相比无变化", required=False)
    department = forms.ChoiceField(
        label="填报单位", choices=[("fgj", "区发改局"), ("scjg", "区市场监管局")]
    )
    units = forms.MultipleChoiceField(
        label="配合单位",
        required=False,
        choices=[("czj", "区财政局"), ("bb", "区编办"), ("hbj", "区环保和环卫管理局")],
        widget=forms.CheckboxSelectMultiple,
    )


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show each component once, with a form that was sent incomplete."""
    if not settings.DEBUG:
        raise Http404
    rows = [
        {"path": path, "title": title, "unit": unit, "due": date(year, 12, 31), "state": state}
        for path, title, unit, year, state in ROWS
    ]
    return render(
        request,
        "styleguide.html",
        {
            "title": "样式示例",
            "crumbs": [("/", "首页"), (None, "样式示例")],
            "states": STATES,
            "rows": rows,
            "entries": ENTRIES,
            "page_obj": Paginator(range(82), 20).get_page(2),
            "form": SampleForm({"document": "关于公布清单的通知"}),
        },
    )
