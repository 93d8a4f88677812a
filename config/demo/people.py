"""The people of the demonstration; names are crossed out and nobody real is meant."""

from typing import NamedTuple

from accounts.choices import Role

PASSWORD = "demo-2017"  # noqa: S105 - the demonstration says it to everybody


class Person(NamedTuple):
    """Somebody who can sign in: unit, username, surname and roles."""

    unit: str
    username: str
    surname: str
    roles: tuple[Role, ...] = (Role.LIAISON,)

    @property
    def name(self) -> str:
        """The crossed-out name."""
        return f"{self.surname}××"


COORDINATOR = Person("区政府法制办", "fzb", "李", (Role.COORDINATOR, Role.LIAISON))
SUPERVISOR = Person("区政府督查室", "dcs", "陈", (Role.SUPERVISOR, Role.LIAISON))
PARTY_SUPERVISOR = Person("区委督查室", "qwdcs", "王", (Role.SUPERVISOR, Role.LIAISON))
LIAISON = Person("区发改局", "fgj", "王")
HEAD = Person("区发改局", "fgj-head", "张", (Role.HEAD,))
TOWN = Person("金积镇", "jinji", "杨")
VICE_MAYOR = Person("区政府办公室", "fuquzhang", "刘", (Role.VIEWER,))
ADMINISTRATOR = Person("区政府办公室", "xxzx", "马", (Role.SYSTEM_ADMIN,))

INTRODUCED = (
    COORDINATOR,
    LIAISON,
    HEAD,
    SUPERVISOR,
    PARTY_SUPERVISOR,
    TOWN,
    VICE_MAYOR,
    ADMINISTRATOR,
)
OTHERS = (
    Person("区委办公室", "qwb", "赵"),
    Person("区委组织部", "zzb", "周"),
    Person("区委宣传部", "xcb", "吴"),
    Person("区委政法委", "zfw", "郑"),
    Person("区综治办", "zzhb", "冯"),
    Person("区人大办", "rdb", "褚"),
    Person("区政府办公室", "zfb", "孙"),
    Person("区政协办", "zxb", "蒋"),
    Person("区监察局", "jcj", "沈"),
    Person("区法院", "fy", "韩"),
    Person("区检察院", "jcy", "朱"),
    Person("区机构编制和人事管理领导小组办公室", "bb", "秦"),
    Person("区工信局", "gxj", "许"),
    Person("区财政局", "czj", "何"),
    Person("区民政局", "mzj", "吕"),
    Person("区民政局", "mzj-head", "施", (Role.HEAD,)),
    Person("区司法局", "sfj", "孔"),
    Person("区审计局", "sjj", "曹"),
    Person("区劳动和社会保障局", "lbj", "严"),
    Person("区建设交通运输局", "jtj", "华"),
    Person("区环保和环卫管理局", "hbj", "金"),
    Person("区文化体育旅游局", "wtj", "魏"),
    Person("区卫计局", "wjj", "陶"),
    Person("区市场监管局", "scj", "姜"),
    Person("区信访局", "xfj", "戚"),
    Person("区政务服务中心", "zwzx", "谢"),
    Person("公安局利通分局", "gafj", "邹"),
    Person("金银滩镇", "jinyintan", "喻"),
    Person("高闸镇", "gaozha", "柏"),
    Person("扁担沟镇", "biandangou", "水"),
    Person("上桥镇", "shangqiao", "窦"),
    Person("古城镇", "gucheng", "章"),
    Person("金星镇", "jinxing", "云"),
    Person("胜利镇", "shengli", "苏"),
    Person("东塔寺乡", "dongtasi", "潘"),
    Person("板桥乡", "banqiao", "葛"),
    Person("马莲渠乡", "malianqu", "奚"),
    Person("郭家桥乡", "guojiaqiao", "范"),
)
PEOPLE = (*INTRODUCED, *OTHERS)
LEFT = "mzj"

# Whose signature stands under a unit's reports where the head has no account.
SIGNS = {"区发改局": HEAD.name, "区民政局": "施××"}
SIGNATURE = "主要负责人×××"
