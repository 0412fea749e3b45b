"""The invented city government: areas, units, people, posts. Nobody in it exists."""

from dataclasses import dataclass

from shapely import MultiPolygon, box

from xzgis.identity.terms import AreaAsked, Role, Tier, UnitAsked, UnitKind
from xzgis.samples.rules.secret import GRADE
from xzgis.samples.terms import MARK

CITY = "3203"
#: Each half of the district lies in one of the two districts, each quarter in one of the four townships.
AREAS: tuple[tuple[AreaAsked, tuple[float, float, float, float]], ...] = (
    (AreaAsked("320391", "样例西区", "Sample West District", Tier.DISTRICT), (0.0, 0.0, 0.5, 1.0)),
    (AreaAsked("320391001", "样例河街道", "Sample River Township", Tier.TOWNSHIP), (0.0, 0.0, 0.5, 0.5)),
    (AreaAsked("320391002", "样例山街道", "Sample Hill Township", Tier.TOWNSHIP), (0.0, 0.5, 0.5, 1.0)),
    (AreaAsked("320392", "样例东区", "Sample East District", Tier.DISTRICT), (0.5, 0.0, 1.0, 1.0)),
    (AreaAsked("320392001", "样例湖街道", "Sample Lake Township", Tier.TOWNSHIP), (0.5, 0.0, 1.0, 0.5)),
    (AreaAsked("320392002", "样例桥街道", "Sample Bridge Township", Tier.TOWNSHIP), (0.5, 0.5, 1.0, 1.0)),
)
_D, _O = UnitKind.DEPARTMENT, UnitKind.OWNER
#: Line owners are called as in the register: else their posts would not see their own lines.
UNITS: tuple[UnitAsked, ...] = (
    UnitAsked("GHJ", "样例市规划局（虚构）", "Sample Planning Bureau (invented)", _D, CITY),
    UnitAsked("GHJ-GX", "管线管理科", "Section of lines", _D, CITY, parent="GHJ"),
    UnitAsked("GHJ-XX", "信息中心", "Information centre", _D, CITY, parent="GHJ"),
    UnitAsked("GHJ-W", "样例西区规划分局", "Planning office, west district", _D, "320391", parent="GHJ"),
    UnitAsked("GHJ-E", "样例东区规划分局", "Planning office, east district", _D, "320392", parent="GHJ"),
    UnitAsked("JD-HE", "样例河街道办事处", "River township office", _D, "320391001", parent="GHJ-W"),
    UnitAsked("JD-HU", "样例湖街道办事处", "Lake township office", _D, "320392001", parent="GHJ-E"),
    UnitAsked("TX", "样例通信" + MARK, "Sample Telecom", _O, CITY),
    UnitAsked("GD", "样例供电" + MARK, "Sample Power", _O, CITY),
    UnitAsked("RQ", "样例燃气" + MARK, "Sample Gas", _O, CITY),
    UnitAsked("RL", "样例热力" + MARK, "Sample Heat", _O, CITY),
    UnitAsked("SW", "样例水务" + MARK, "Sample Water", _O, CITY),
    UnitAsked("PS", "样例排水" + MARK, "Sample Drainage", _O, CITY),
    UnitAsked("HG", "样例化工" + MARK, "Sample Chemicals", _O, CITY),
    UnitAsked("GL", "样例管廊" + MARK, "Sample Tunnels", _O, CITY),
    UnitAsked("CH", "样例测绘院", "Sample Survey Firm", UnitKind.SURVEY, CITY),
    UnitAsked("SG", "样例建设公司", "Sample Builders", UnitKind.APPLICANT, CITY),
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody invented and his post; ``kinds`` empty means every kind.

    ``secrecy``: the grade up to which he sees every line exactly; 0 is what follows from the post.
    """

    account: str
    name: str
    role: Role
    unit: str
    area: str
    kinds: tuple[str, ...] = ()
    secrecy: int = 0


_R = Role
_WATER = ("reclaimed", "water")
_SEWERS = ("drainage_combined", "drainage_foul", "drainage_storm")
#: One of every role in each of the three tiers, and one contact of every line owner.
MEMBERS: tuple[Member, ...] = (
    Member("planner.city", "林知远", _R.PLANNER, "GHJ-GX", CITY),
    Member("planner.district", "苏明月", _R.PLANNER, "GHJ-W", "320391"),
    Member("planner.township", "陶然", _R.PLANNER, "JD-HE", "320391001"),
    Member("approver.city", "秦守正", _R.APPROVER, "GHJ", CITY),
    Member("approver.district", "顾清和", _R.APPROVER, "GHJ-E", "320392"),
    Member("approver.township", "温如玉", _R.APPROVER, "JD-HU", "320392001"),
    Member("clerk.city", "叶书文", _R.CLERK, "GHJ", CITY),
    Member("clerk.district", "白露", _R.CLERK, "GHJ-W", "320391"),
    Member("clerk.township", "常青", _R.CLERK, "JD-HE", "320391001"),
    Member("surveyor.city", "江测平", _R.SURVEYOR, "CH", CITY),
    Member("surveyor.district", "石准", _R.SURVEYOR, "CH", "320391"),
    Member("surveyor.township", "方格", _R.SURVEYOR, "CH", "320391001"),
    Member("keeper.city", "谢典", _R.DATA_KEEPER, "GHJ-XX", CITY),
    Member("keeper.district", "卢存", _R.DATA_KEEPER, "GHJ-E", "320392"),
    Member("keeper.township", "金录", _R.DATA_KEEPER, "JD-HU", "320392001"),
    Member("reader.city", "何览", _R.READER, "SG", CITY),
    Member("reader.district", "安阅", _R.READER, "GHJ-E", "320392"),
    Member("reader.township", "柳观", _R.READER, "JD-HU", "320392001"),
    Member("owner.city", "冯燃", _R.OWNER, "RQ", CITY, ("gas",)),
    Member("owner.district", "雷明", _R.OWNER, "GD", "320391", ("power",)),
    Member("owner.township", "水清源", _R.OWNER, "SW", "320391001", _WATER),
    # Sees gas exactly everywhere and every other line as a corridor, as his unit owns lines.
    Member("planner.gas", "何燃", _R.PLANNER, "RQ", CITY),
    # The only one who sees the military cable of ``samples.rules.secret``.
    Member("planner.secret", "关山", _R.PLANNER, "GHJ", CITY, secrecy=GRADE),
    Member("owner.telecom", "连通", _R.OWNER, "TX", CITY, ("telecom",)),
    Member("owner.heat", "阳春", _R.OWNER, "RL", CITY, ("heat",)),
    Member("owner.drainage", "舒畅", _R.OWNER, "PS", CITY, _SEWERS),
    Member("owner.industrial", "铁成", _R.OWNER, "HG", CITY, ("industrial",)),
    Member("owner.tunnel", "廊庭", _R.OWNER, "GL", CITY, ("utility_tunnel",)),
)
#: Who is away for the first fortnight, and who acts for him.
ABSENT, STANDS_IN, ABSENT_DAYS = "planner.district", "clerk.district", 14


def boundary(
    share: tuple[float, float, float, float], bounds_m: tuple[float, float, float, float]
) -> MultiPolygon:
    """The part ``share`` (west, south, east, north as fractions) of the rectangle ``bounds_m``, storage CRS."""
    west, south, east, north = bounds_m
    width, height = east - west, north - south
    return MultiPolygon(
        [
            box(
                west + share[0] * width,
                south + share[1] * height,
                west + share[2] * width,
                south + share[3] * height,
            )
        ]
    )
