"""Words by which the sense of a clause shows who has to do it, and what it is about."""

import re

from plans.parsing.lexicon.signs import HAN

STOCK_TAKING = re.compile(r"清理|清查|自查|排查|摸排|摸底|盘点|梳理|普查|登记造册|建立台[账帐]")
OF_EACH = re.compile(rf"各[{HAN}、]{{2,40}}的[{HAN}]")
EVERY_UNIT = re.compile(r"^各(?!有关|相关|方|类|级领导|项)")
SAYS_EACH = re.compile(
    r"(?:^|[。;\n])(?P<who>各(?!有关|相关)[^。;,:\n]{1,16}?)(?:要|应当?|须|必须|负责)"
    r"[^。;\n]*?(?P<what>(?:制[订定]|编制|建立|报送|上报|公布|出台|签订|设立)[^。;,\n]*)"
)
SUBJECT = re.compile(
    rf"(?P<who>[{HAN}]{{1,20}}?(?:政府|部门|机关|机构|法院|检察院|委员会|办公室|(?<![布格结])局|中心|街道|企业|单位))"
    r"(?:要|应当?|须|必须|负责|会同|牵头|完成|每|按|于|$)"
)
NO_SUBJECT = re.compile(
    r"^(?:各|对|将|把|由|向|在|经|为|以|从|与|和|本|该|实行|推动|加强|建立|完善|完成)"
)
KIND_ONLY = re.compile(r"(?:机关|部门|机构|单位|企业)$")
LEADING_WORDS = re.compile(
    r"^(?:要|应当?|须|全部|全面|基本|力争|争取|逐步|进一步|依法|及时|组织|开展|做好|完成|实现|推进"
    r"|建立健全|建立完善|建立|健全|完善"
    r"|对|将|把|现行|本级|全[市县区]|的|了)+"
)
