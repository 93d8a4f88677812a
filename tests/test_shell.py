"""The frame of the pages: one source of colours, nothing inline, nothing from outside."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import Settings

from config.styleguide import SampleForm, styleguide
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "config" / "static"
APPS = ("accounts", "plans", "tracking", "notifications", "config")
TEMPLATES = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("templates/**/*.html")
    if path.parent.name != "mail"  # mail programs know no stylesheet but inline styles
)
SHEETS = sorted((STATIC / "css").glob("*.css"))
TOKENS = STATIC / "css" / "tokens.css"

COLOUR_PROPERTY = re.compile(
    r"(?:^|[;{\s])(?:color|background(?:-color)?|border(?:-[a-z]+)*|outline(?:-color)?|fill|stroke)"
    r"\s*:\s*([^;}]+)"
)
COLOUR_FREE = re.compile(
    r"var\(--[\w-]+\)|currentColor|transparent|none|inherit|solid|dotted|dashed|double|collapse|separate"
    r"|!important|-?[\d.]+(?:px|em|pt|%)?"
)
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


class InlineFinder(HTMLParser):
    """Collects what a strict content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or "style" in given:
            self.found.append(f"style in <{tag}>")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.found.append("inline script")
        self.found += [f"{key} in <{tag}>" for key in given if re.fullmatch(r"on[a-z]+", key)]


def contrast(one: str, other: str) -> float:
    """Contrast of two hex colours by WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


# Mail programs drop style sheets, so a letter carries its style inline; no policy guards it.
PAGES = [path for path in TEMPLATES if path.parent.name != "mail"]


@pytest.mark.parametrize("template", PAGES, ids=name)
def test_a_template_has_no_inline_script_or_style(template: Path) -> None:
    finder = InlineFinder()

    finder.feed(template.read_text(encoding="utf-8"))

    assert finder.found == []


@pytest.mark.parametrize(
    "file",
    [*TEMPLATES, *SHEETS, *sorted(STATIC.rglob("*.js")), *sorted(STATIC.rglob("*.svg"))],
    ids=name,
)
def test_nothing_refers_to_an_outside_host(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace(SVG_NAMESPACE, "")

    assert re.findall(r"https?://\S+|(?:src|href)=[\"']//\S+|url\([\"']?//\S+", text) == []


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s != TOKENS], ids=name)
def test_a_stylesheet_takes_every_colour_from_the_tokens(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)

    named = [COLOUR_FREE.sub("", value).strip() for value in COLOUR_PROPERTY.findall(text)]

    assert [value for value in named if value] == []
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(", text) == []


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s != TOKENS], ids=name)
def test_a_stylesheet_uses_only_tokens_that_exist(sheet: Path) -> None:
    known = set(re.findall(r"(--[\w-]+):", TOKENS.read_text(encoding="utf-8")))

    used = set(re.findall(r"var\((--[\w-]+)\)", sheet.read_text(encoding="utf-8")))

    assert used <= known


def test_text_of_every_tone_can_be_read_on_its_ground() -> None:
    tokens = dict(re.findall(r"--([\w-]+): (#\w{6});", TOKENS.read_text(encoding="utf-8")))
    tones = ("quiet", "going", "waiting", "done", "soon", "back", "late")
    pairs = [(f"{tone}-ink", f"{tone}-soft") for tone in tones]
    pairs += [("ink", "ground"), ("ink-2", "ground"), ("ink-3", "ground"), ("accent", "ground")]
    pairs += [("on-accent", "accent"), ("on-accent-2", "accent-dark"), ("ink", "target")]

    weak = [pair for pair in pairs if contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5]

    assert weak == []


@pytest.mark.django_db
def test_the_sign_in_page_is_in_chinese(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()

    assert '<html lang="zh-Hans">' in page
    assert "<h1>登录</h1>" in page
    assert "本系统为非涉密系统，严禁填报、上传涉密和敏感信息" in page
    assert "用户名" in page
    assert "Sign In" not in page


@pytest.mark.django_db
def test_an_unknown_address_says_so_in_the_frame(client: Client) -> None:
    client.force_login(UserFactory.create(name="李××"))

    response = client.get("/no/such/page/")

    page = response.content.decode()
    assert response.status_code == 404
    assert "没有找到这一页" in page
    assert "<summary>李××</summary>" in page


@pytest.mark.parametrize(
    "template", ["403.html", "403_csrf.html", "404.html", "500.html", "409.html"]
)
def test_an_error_page_needs_no_context(template: str) -> None:
    page = render_to_string(template)

    assert page.count("<h1>") == 1
    assert "返回首页" in page or "查看最新情况" in page


def test_the_conflict_page_keeps_what_was_typed() -> None:
    page = render_to_string("409.html", {"typed": [("进展情况", "已形成清单<初稿>")]})

    assert "已形成清单&lt;初稿&gt;</textarea>" in page


def test_a_field_names_its_help_and_its_error() -> None:
    form = SampleForm({})

    page = str(form["narrative"].as_field_group())

    assert 'aria-describedby="id_narrative_helptext id_narrative_error"' in page
    assert 'id="id_narrative_helptext"' in page
    assert 'id="id_narrative_error"' in page
    assert '<label for="id_narrative">进展情况<span class="req"' in page


def test_radio_buttons_stand_in_a_group_with_a_name() -> None:
    form = SampleForm()

    page = str(form["status"].as_field_group())

    assert '<fieldset class="field field-radioselect"' in page
    assert "<legend>办理状态" in page


def test_the_frame_lists_navigation_and_marks_the_page_at_hand() -> None:
    person = {"is_authenticated": True, "name": "李××"}

    page = render_to_string(
        "base.html",
        {
            "user": person,
            "nav_items": [("/todo/", "待办", True, 6), ("/plans/", "实施方案", False, 0)],
            "demo": True,
        },
    )

    assert '<a href="/todo/" aria-current="page">待办<span class="badge">6</span></a>' in page
    assert '<a href="/plans/">实施方案</a>' in page
    assert "演示数据，情节虚构，不反映利通区实际工作" in page


def test_the_style_guide_is_hidden_outside_debug(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        styleguide(rf.get("/styleguide/"))


def test_the_style_guide_shows_each_state_under_debug(
    rf: RequestFactory, settings: Settings
) -> None:
    settings.DEBUG = True
    request = rf.get("/styleguide/")
    request.user = AnonymousUser()

    page = styleguide(request).content.decode()

    assert '<span class="chip" data-state="逾期未反馈">逾期未反馈</span>' in page
    assert page.count("<h1>") == 1
