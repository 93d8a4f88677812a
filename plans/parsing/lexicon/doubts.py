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
