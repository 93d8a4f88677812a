"""Words that a person should look at."""

import re

from plans.parsing.lexicon.signs import HAN

EACH_UNIT = re.compile(
    r"本级政府(?:、|或者?|和)本部门|本行业、本部门|本部门、本单位|本单位、本部门|本地区、?本部门"
    r"|各乡镇[^。;,]{0,12}要|各部门[^。;,]{0,6}要|制定机关|行政机关每年"
)
CONDITION = re.compile(r"^(?:有条件的|具备条件的|条件成熟的)[^,。;]{1,10}")
VERBLESS = re.compile(rf"^对[{HAN}]{{2,30}}的[{HAN}]{{2,10}}$")
SHARE_NAME = re.compile(r"率|比重|覆盖|占比|比例|满意度")
MAYBE_ASSIGNS = re.compile(
    r"牵头(?!单位|部门)|(?:责任|牵头|配合|主办|协办)(?:单位|部门):|按(?:照)?(?:各自)?职责分工"
)
OWES_REPORT = re.compile(
    rf"(?:向[{HAN}、]{{2,20}}?)?(?:开展|组织)?(?:报[告送备]|上报|通报|汇报|反馈|报[{HAN}]{{2,12}}(?:备案|审议|审定))"
)
YEARS_OF_DUTY = re.compile(
    r"(?P<years>(?:20\d\d年?[-~至到、和及]){1,5}20\d\d年)(?:期间|内)?,?(?:,?[^,。;\n]{0,8})$"
)
DUTY_OF_ORGAN = re.compile(
    rf"(?:^|[。;,\n])(?P<who>(?![各对将把由向在经为以从与和])[{HAN}、]{{2,40}}?(?:[局办委部厅]|委员会|办公室|督查室|小组|专班|指挥部|集团|公司))"
    r"(?P<told>要|将|应当?|须|负责|牵头|每半?[年季月周]|定期[^,。;]{0,6}[报通调])"
)
RUNNING_LEAD = re.compile(rf"由(?P<who>[{HAN}]{{2,24}}?)(?:牵头|负责)(?!人)")
