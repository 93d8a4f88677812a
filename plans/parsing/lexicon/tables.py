"""Words of tables: what the title of a column says."""

import re

LINE_CELL = re.compile(r"(?<![^\t\n])[^\t\n]*(?=\t|\n|\Z)")
BLANK_CELL = re.compile(r"\S+(?: \S+)*")
WORD_CELL = re.compile(r"\S+")
BAR_LINE = re.compile(r"^[ \t]*\|?[^|\n]*\|[^\n]*$", re.MULTILINE)
RULE_LINE = re.compile(r"[ \t|:+=-]+")
HEADER_HINT = re.compile(
    r"(?:牵头|责任|主办|承办|负责|实施|配合|主责|协办|落实)(?:领导|单位|部门|科室|处室|人)"
    r"[^:\n\t]{0,16}(?:[\t\n]|[ ]{1,20}\S)"
)
COLUMN_NOTE = re.compile(r"\([^()]{0,24}\)|[ \t]|^[省市县区镇]级(?=责任|牵头)")
COLUMN = re.compile(
    r"""(?P<number>序号|编号|项次|序列|No\.?)
    | (?P<unread>备注|说明|进展(?:情况)?|(?:完成|落实|进展)情况|工作进展|(?:任务)?来源|依据
)
    | (?P<group>类别|分类|类型|板块|领域|方面|章节|任务类别|工作类别|工作板块|工作领域)
    | (?P<target>(?:工作|预期|阶段|年度|任务|具体|考核|绩效|量化|主要)?(?:目标|指标)值?
        |预期(?:成效|成果|效果)|成果形式|目标要求)
    | (?P<task>[^\t]{0,8}(?:任务|措施|内容|事项|项目|举措|工作|要点|要求)
        (?:名称|内容|分解|清单|要点)?)""",
    re.VERBOSE,
)
FINE_COLUMN = re.compile(r"措施|举措|内容|要点|要求|分解")
SECTION_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}[、.]?|\([一二三四五六七八九十]{1,3}\)")
ROW_NUMBER = re.compile(r"(?:\d{1,2}\.){0,2}\d{1,3}[.、]?|[一二三四五六七八九十]{1,3}|\(\d{1,3}\)")
LIST_MARKS = re.compile(r"[,、; ]")
