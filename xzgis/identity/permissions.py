"""Every permission name, and role → permissions: the one table.

A route names exactly one permission, or :data:`PUBLIC`. Whether a person may do it to a certain record now is
asked of ``<module>/policy.py``; which records he may know of, of ``visible_to`` in ``<module>/queries.py``.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from xzgis.core.actor import Right
from xzgis.identity.terms import Role


class Permission(Right):
    """What may be done, as ``module.verb``."""

    MAP_READ = "map.read", "看地图", "look at the map"
    NETWORKS_READ = "networks.read", "查阅管线", "read the lines"
    NETWORKS_IMPORT = "networks.import", "导入管线成果", "bring in surveys"
    NETWORKS_ACCEPT = "networks.accept", "接收入库", "accept deliveries into the register"
    NETWORKS_UNDO = "networks.undo", "撤出批次", "take a batch out again"
    NETWORKS_COVERAGE = "networks.coverage", "登记覆盖范围", "declare coverage"
    NETWORKS_EXPORT = "networks.export", "导出管线", "export the lines"
    LAND_READ = "land.read", "查阅用地", "read parcels and buildings"
    WORKS_READ = "works.read", "查阅工程", "read works"
    WORKS_EDIT = "works.edit", "编制工程", "draw and save works"
    CONFLICTS_CHECK = "conflicts.check", "检查冲突", "check works for conflicts"
    CONFLICTS_REPORT = "conflicts.report", "出具检查报告", "make reports of a check"
    CATALOGUE_READ = "catalogue.read", "查阅定义与规则", "read definitions and rules"
    CATALOGUE_PROPOSE = "catalogue.propose", "提出规则修改", "propose changes of the tables"
    CATALOGUE_APPROVE = "catalogue.approve", "批准规则修改", "decide changes of the tables"
    WORKFLOW_READ = "workflow.read", "查阅流程定义", "read process definitions"
    WORKFLOW_PROPOSE = "workflow.propose", "提出流程新版本", "propose versions of processes"
    WORKFLOW_APPROVE = "workflow.approve", "批准流程新版本", "decide versions of processes"
    DATA_READ = "data.read", "查阅批次与数据概况", "read batches and the state of the data"
    JOBS_READ = "jobs.read", "查看后台任务", "look at background jobs"
    JOBS_CONTROL = "jobs.control", "重试或取消后台任务", "retry and cancel background jobs"
    METRICS_READ = "metrics.read", "查看运行指标", "look at the figures of the system"
    LOGS_READ = "logs.read", "查看程序日志", "read the program's own log"
    BACKUPS_READ = "backups.read", "查看备份", "look at backups and drills"
    BACKUPS_MAKE = "backups.make", "发起备份与恢复演练", "start backups and drills"
    SETTINGS_READ = "settings.read", "查看系统设置", "look at the settings"
    IDENTITY_READ = "identity.read", "查阅单位与人员", "read units and people"
    IDENTITY_UNITS = "identity.units", "维护区划与单位", "keep areas and units"
    IDENTITY_PEOPLE = "identity.people", "建立与停用人员账号", "make and disable accounts"
    IDENTITY_POSTS = "identity.posts", "授予与收回岗位", "grant and end posts"
    IDENTITY_TOKENS = "identity.tokens", "为自己签发访问令牌", "issue tokens in one's own name"
    IDENTITY_OWN = "identity.own", "管理自己的密码与会话", "keep one's own password, factor and sessions"
    IDENTITY_REVEAL = "identity.reveal", "查看被遮盖的个人信息", "reveal masked personal data"
    EXPORTS_READ = "exports.read", "查阅自己的外发文件、核验文件", "see one's own exports and verify files"
    EXPORTS_ALL = "exports.all", "查阅所有人的外发文件", "see everybody's exports"
    EXPORTS_APPROVE = "exports.approve", "批准超出范围的外发", "approve exports of more ground"
    EXPORTS_WITHDRAW = "exports.withdraw", "撤回外发文件", "withdraw exports"
    NOTICES_OWN = "notices.own", "查看与处理自己的待办和通知", "see one's own to-dos and notices"
    AUDIT_READ = "audit.read", "查阅审计链", "read the trail"
    AUDIT_AUDITORS = "audit.auditors", "查阅审计管理员的操作", "read what the audit administrators did"
    AUDIT_VERIFY = "audit.verify", "校验与封存审计链", "verify and seal the trail"


#: Marks a route that asks for no permission: sign-in, health, static files.
PUBLIC: Final = "public"

_P = Permission
OWN = frozenset({_P.IDENTITY_OWN, _P.NOTICES_OWN})
_LOOK = frozenset(
    {
        _P.MAP_READ,
        _P.NETWORKS_READ,
        _P.LAND_READ,
        _P.WORKS_READ,
        _P.CATALOGUE_READ,
        _P.EXPORTS_READ,
        _P.WORKFLOW_READ,
    }
)
_PLAN = frozenset({_P.WORKS_EDIT, _P.CONFLICTS_CHECK, _P.CONFLICTS_REPORT})

ROLES: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.PLANNER: OWN | _LOOK | _PLAN | {_P.DATA_READ, _P.IDENTITY_TOKENS, _P.CATALOGUE_PROPOSE},
        Role.APPROVER: OWN
        | _LOOK
        | {
            _P.CONFLICTS_CHECK, _P.CONFLICTS_REPORT, _P.DATA_READ, _P.EXPORTS_ALL, _P.EXPORTS_APPROVE,
            _P.CATALOGUE_APPROVE, _P.WORKFLOW_APPROVE,
        },
        Role.CLERK: OWN | _LOOK | {_P.WORKS_EDIT, _P.CONFLICTS_REPORT, _P.CONFLICTS_CHECK},
        Role.SURVEYOR: OWN | _LOOK | {_P.DATA_READ, _P.NETWORKS_IMPORT, _P.IDENTITY_TOKENS},
        Role.OWNER: OWN | _LOOK | {_P.CONFLICTS_CHECK},
        Role.DATA_KEEPER: OWN
        | _LOOK
        | {
            _P.DATA_READ, _P.NETWORKS_IMPORT, _P.NETWORKS_ACCEPT, _P.NETWORKS_UNDO, _P.NETWORKS_COVERAGE,
            _P.NETWORKS_EXPORT, _P.IDENTITY_TOKENS, _P.EXPORTS_ALL, _P.EXPORTS_WITHDRAW, _P.CATALOGUE_PROPOSE,
        },
        Role.READER: OWN | _LOOK,
        Role.SYSTEM_ADMIN: OWN
        | {
            _P.IDENTITY_READ, _P.IDENTITY_UNITS, _P.IDENTITY_PEOPLE, _P.JOBS_READ, _P.JOBS_CONTROL,
            _P.SETTINGS_READ, _P.IDENTITY_REVEAL, _P.METRICS_READ, _P.LOGS_READ, _P.IDENTITY_TOKENS,
            _P.BACKUPS_READ, _P.BACKUPS_MAKE, _P.WORKFLOW_READ, _P.WORKFLOW_PROPOSE,
        },
        Role.SECURITY_ADMIN: OWN | {_P.IDENTITY_READ, _P.IDENTITY_POSTS, _P.AUDIT_AUDITORS, _P.WORKFLOW_READ},
        Role.AUDIT_ADMIN: OWN | {_P.IDENTITY_READ, _P.AUDIT_READ, _P.AUDIT_VERIFY, _P.WORKFLOW_READ},
    }
)  # fmt: skip

#: What commands at the server's own console may do: whoever runs them owns the files of the database, so a
#: refusal would only pretend. Each act is recorded with ``via=command`` (docs/decisions/0035).
CONSOLE: Final[frozenset[str]] = frozenset(Permission) - OWN


def allowed_to(roles: Iterable[Role]) -> frozenset[str]:
    """Everything that holders of these roles may do together; nothing without a role but the own account."""
    return frozenset(OWN).union(*(ROLES[role] for role in roles))
