"""Words of the outline: numbers of items, labels, headings, titles, the page around a plan."""

import re

from plans.parsing.lexicon.signs import CN_DIGITS, HAN

MARK_SIGNS = frozenset("第任举措事(0123456789-·•●■◆▪▲★►※◎" + CN_DIGITS) | frozenset(
    chr(code) for start, stop in ((0x2460, 0x249C), (0x3220, 0x322A)) for code in range(start, stop)
)
MARK = re.compile(
    rf"""
      第(?P<big>[{CN_DIGITS}]{{1,4}}|\d{{1,3}})(?P<unit>[编章节条])(?=[\s:、.]|[{HAN}])[:、.]?
    | (?:任务|举措|措施|事项)(?P<named>[{CN_DIGITS}]{{1,3}}|\d{{1,2}})[:、.]
    | \((?P<cn_paren>[{CN_DIGITS}]{{1,4}})\)[、.:]?
    | (?P<cn_open>[{CN_DIGITS}]{{1,4}})\)[、.:]?
    | (?P<cn_dot>[一二三四五六七八九十百]{{1,4}})[、.]
    | (?P<path>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?![\d%万亿倍个元])[.、]?(?=[\s]|[{HAN}“《(])
    | (?P<dot>\d{{1,3}})[.、](?:(?!\d)|(?=(?:19|20)\d\d年))
    | \((?P<paren>\d{{1,3}})\)[、.:]?
    | (?P<open>\d{{1,3}})\)[、.:]?
    | (?P<circled>[\u2460-\u2473])[、.]?
    | (?P<paren_sign>[\u2474-\u2487])
    | (?P<dot_sign>[\u2488-\u249b])
    | (?P<cn_sign>[\u3220-\u3229])
    | (?P<bullet>[-·•●■◆▪▲★►※◎]{{1,2}})(?=[ \t]*[一-鿿“《])
    """,
    re.VERBOSE,
)
SECTION_LABEL = re.compile(
    r"""\(?(?:
      (?P<goal>(?:工作|主要|总体|阶段|年度|发展)?目标)
    | (?P<measures>(?:具体|主要|工作|重点|推进)?(?:措施|举措)|(?:主要|工作|重点|具体)任务)
    | (?P<indicators>(?:预期|工作|考核|主要|效果|成效|衡量|绩效|量化|目标)?指标
        |预期(?:效果|目标|成效)|衡量标准)
    )\)?[ \t]*:""",
    re.VERBOSE,
)
TASK_HEADING = re.compile(r"任务|举措|措施|重点工作|工作内容|工作重点|分工")
NEVER_TASKS = re.compile(
    r"^(?:总则|附则|总体要求|总体思路|总体目标|指导思想|基本原则|工作原则|工作目标|主要目标|发展目标)"
)
FRAME_HEADING = re.compile(
    r"总体要求|总体思路|总体目标|指导思想|基本原则|工作原则|工作目标|主要目标|发展目标|基本情况|工作要求"
    r"|有关要求|保障|组织领导|组织实施|实施步骤|时间安排|工作步骤|方法步骤|背景|现状|形势|总则|附则"
)
TITLE_LINE = re.compile(
    r"(?:方案|计划|规划|要点|意见|清单|分工|安排|措施|举措|纲要|台账|任务书|分工表|任务表|分解表|一览表|任务分解|细则)"
    r"(?:的通知)?(?:\([^()]{1,24}\)){0,3}$"
)
QUOTED_TITLE = re.compile(r"(?:关于印发|现将)[^《》\n]{0,8}《([^《》]{4,80})》")
OTHER_TITLE = re.compile(r"(?:通知|通报|报告|决定|办法|规定|公告|情况|总结)(?:\([^()]{1,24}\))?$")
STAGE_NOTE = re.compile(r"\((征求意见稿|送审稿|讨论稿|草案|初稿|印发稿|代拟稿)\)")
DRAFT_NOTES = frozenset(("征求意见稿", "送审稿", "讨论稿", "草案", "初稿", "代拟稿"))
PERIOD = re.compile(r"(20\d\d)年?[-~至到](20\d\d)年")
CRAMMED_PERIOD = re.compile(r"(?<!\d)(20\d\d)(20\d\d)年")
DOCUMENT_NUMBER = re.compile(
    rf"^[ \t]*([{HAN}]{{2,16}}[ ]?\([ ]?(?:19|20)\d\d[ ]?\)[ ]?(?:第)?\d{{1,4}}号)[ \t]*$",
    re.MULTILINE,
)
DATE_LINE = re.compile(
    r"^[ \t]*((?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})[ ]?年"
    r"[ ]?(\d{1,2}|[一二三四五六七八九十]{1,2})[ ]?月"
    r"[ ]?(\d{1,2}|[一二三四五六七八九十]{1,3})[ ]?日[ \t]*$",
    re.MULTILINE,
)
ORGAN_LINE = re.compile(
    rf"^[{HAN}()、 ]{{3,40}}(?:政府|委员会|办公室|办公厅|局|厅|部|委|领导小组|办)$"
    r"|^国务院(?:办公厅)?$"
)
ASSIGNING_LINE = re.compile(
    r"牵头[,;、。)]|牵头(?:单位|部门|,)|责任单位|责任部门|(?:负责|配合)。?\)"
)
TITLE_TAIL = re.compile(r"^\((?:[^()]{1,20}稿|草案|20\d\d[^()]{0,12}年?)\)$")
ISSUER_OF_TITLE = re.compile(
    rf"((?:国务院(?:办公厅)?|[{HAN}×]{{2,30}}?(?:人民政府办公[室厅]|人民政府|委员会|办公室|办公厅|[局厅部委])))关于"
)
BACK_LINE = re.compile(
    r"扫一扫|扫码|ICP备|公网安备|版权所有|主办单位:|承办单位:.{0,30}技术|网站标识码|责任编辑|\(?打印"
    r"|关闭(?:窗口|本页)|分享到|上一篇|下一篇|相关(?:链接|文档|报道|阅读|附件)|^附件|^附:|^抄送|^主送"
    r"|政府信息公开目录|(?:办公室|秘书处|秘书科)[^。]{0,20}印发$|^Produced|^\(?此件"
)

INLINE = re.compile(rf"[。;:)][ \t]*(?=\(?\d{{1,2}}[).、]|[①-⑳]|\([{CN_DIGITS}]{{1,3}}\))")
ITEM_ASSIGNS = re.compile(
    r"(?:牵头|负责|配合|参与|落实|局|委|办|部|厅|(?:单位|部门|领导|时限):[^()\n]{1,200}|政府|街道|镇|单位|部门)\)"
    r"|(?:牵头|责任)单位:"
)
CLOSING_BRACKET = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*){0,8}\)[。;]?$")
