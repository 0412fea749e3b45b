"""Every kind of to-do and notice, and what each says: a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from xzgis.core.words import Words


class Kind(StrEnum):
    """What a to-do or a notice is about."""

    BATCH_WAITS = "batch_waits"
    BATCH_TO_MEND = "batch_to_mend"
    WORK_TO_CHECK = "work_to_check"
    TRAIL_HARMED = "trail_harmed"
    JOB_BROKEN = "job_broken"
    KEEPING_BROKEN = "keeping_broken"
    UNSOUND = "unsound"
    BACKUP_LATE = "backup_late"
    RULE_WAITS = "rule_waits"
    RULE_APPROVED = "rule_approved"
    RULE_REFUSED = "rule_refused"
    RULE_WITHDRAWN = "rule_withdrawn"
    PROCESS_WAITS = "process_waits"
    PROCESS_APPROVED = "process_approved"
    PROCESS_REFUSED = "process_refused"
    PROCESS_WITHDRAWN = "process_withdrawn"
    JOB_FAILED = "job_failed"
    BATCH_ACCEPTED = "batch_accepted"
    BATCH_CANCELLED = "batch_cancelled"
    BATCH_UNDONE = "batch_undone"
    FINDING_CONTESTED = "finding_contested"
    POST_GRANTED = "post_granted"
    POST_ENDED = "post_ended"
    POST_EXPIRES = "post_expires"
    RIGHT_GIVEN = "right_given"
    RIGHT_TAKEN = "right_taken"
    LENT_TO_ME = "lent_to_me"
    LENT_OF_MINE = "lent_of_mine"
    LENDING_BEGINS = "lending_begins"
    LENDING_EXPIRES = "lending_expires"
    LENDING_ENDED = "lending_ended"
    NEW_DEVICE = "new_device"
    GUESSED = "guessed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name, no secret
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a name, no secret
    FACTOR_CHANGED = "factor_changed"
    FACTOR_RESET = "factor_reset"
    TOKEN_ISSUED = "token_issued"  # noqa: S105 - a name, no secret
    TOKEN_EXPIRES = "token_expires"  # noqa: S105 - a name, no secret


@dataclass(frozen=True, slots=True)
class Sort:
    """What all to-dos or notices of a kind have in common.

    Attributes
    ----------
    title
        Says what it is and nothing of which one: this alone goes into an e-mail.
    sentence
        The whole, with ``{facts}``; those whose name ends in ``_at`` are moments in ISO 8601.
    path
        The page on which it is seen to, with ``{id}`` of its cause; None: there is none.
    is_todo
        Waits until its cause is done; a notice waits for nothing.
    by_hand
        A person may call it done: no record says so.
    by_mail
        Worth a letter.
    """

    title: Words
    sentence: Words
    path: str | None
    is_todo: bool = False
    by_hand: bool = False
    by_mail: bool = True


_ACCOUNT: Final = "/me"
_PROCESS: Final = "/workflow/versions/{id}"

SORTS: Mapping[Kind, Sort] = MappingProxyType(
    {
        Kind.BATCH_WAITS: Sort(
            Words("有批次等待接收入库", "A delivery waits to be accepted"),
            Words(
                "批次 {id} 已读完（管点 {points}、管线 {lines}），等待接收入库。",
                "Batch {id} was read ({points} points, {lines} lines) and waits to be accepted.",
            ),
            "/intake/{id}",
            is_todo=True,
        ),
        Kind.BATCH_TO_MEND: Sort(
            Words("您导入的数据有错误，需要处理", "Your delivery has errors to see to"),
            Words(
                "您导入的批次 {id} 有 {errors} 处错误，不能入库：请改正后重新导入，或放弃该批次。",
                "Your batch {id} has {errors} errors and cannot be accepted: mend it and deliver again, or give it up.",
            ),
            "/intake/{id}",
            is_todo=True,
        ),
        Kind.WORK_TO_CHECK: Sort(
            Words("您的工程附近数据有变化，须重新检查", "Lines near a work of yours changed: check it again"),
            Words(
                "工程 {id}“{name}”附近的登记数据在上次保存后有变化，请重新检查。",
                "The register changed near work {id} “{name}” since it was saved; check it again.",
            ),
            "/works/{id}",
            is_todo=True,
            by_hand=True,
        ),
        Kind.TRAIL_HARMED: Sort(
            Words("审计链校验不通过", "The trail does not verify"),
            Words(
                "审计链校验不通过，共 {harmed} 处异常。请先保全现场与备份，再查原因。",
                "The trail does not verify: {harmed} places. Keep the evidence and the backups, then look for the cause.",
            ),
            "/trail",
            is_todo=True,
            by_hand=True,
        ),
        Kind.JOB_BROKEN: Sort(
            Words("定时任务失败", "A job of the timetable failed"),
            Words("定时任务 {id} 失败：{cause}", "The timetable's job {id} failed: {cause}"),
            "/jobs?state=failed",
            is_todo=True,
            by_hand=True,
        ),
        Kind.KEEPING_BROKEN: Sort(
            Words("审计链的封存或保管失败", "Sealing or keeping the trail failed"),
            Words("审计链的定时任务 {id} 失败：{cause}", "The trail's job {id} failed: {cause}"),
            "/trail",
            is_todo=True,
            by_hand=True,
        ),
        Kind.UNSOUND: Sort(
            Words("系统自检发现问题", "The installation is not sound"),
            Words("系统自检（{id}）：{told}", "xzgis doctor ({id}): {told}"),
            None,
            is_todo=True,
            by_hand=True,
        ),
        Kind.BACKUP_LATE: Sort(
            Words("备份过期", "The backup is late"),
            Words(
                "已超过 {days} 天没有新备份，请运行 xzgis backup。",
                "No backup was made for more than {days} days; run xzgis backup.",
            ),
            None,
            is_todo=True,
        ),
        Kind.RULE_WAITS: Sort(
            Words("有规则修改等待批准", "A change of the rules waits for a decision"),
            Words(
                "{by} 提出修改“{table}”{row}（{bearing}），等待另一人批准。",
                "{by} proposes to change {row} of {table} ({bearing}); it waits for another person.",
            ),
            "/rules/changes/{id}",
            is_todo=True,
        ),
        Kind.RULE_APPROVED: Sort(
            Words("您提出的规则修改已批准", "Your change of the rules was approved"),
            Words(
                "{by} 批准了您对“{table}”{row} 的修改，自 {from_at} 起生效。",
                "{by} approved your change of {row} of {table}; in force from {from_at}.",
            ),
            "/rules/changes/{id}",
        ),
        Kind.RULE_REFUSED: Sort(
            Words("您提出的规则修改被驳回", "Your change of the rules was refused"),
            Words(
                "{by} 驳回了您对“{table}”{row} 的修改：{reason}",
                "{by} refused your change of {row} of {table}: {reason}",
            ),
            "/rules/changes/{id}",
        ),
        Kind.RULE_WITHDRAWN: Sort(
            Words("您提出的规则修改被撤回", "Your change of the rules was withdrawn"),
            Words(
                "{by} 撤回了您对“{table}”{row} 的修改：{reason}",
                "{by} withdrew your change of {row} of {table}: {reason}",
            ),
            "/rules/changes/{id}",
        ),
        Kind.PROCESS_WAITS: Sort(
            Words("有流程新版本等待批准", "A version of a process waits for a decision"),
            Words(
                "{by} 提出流程“{process}”的新版本，等待另一人批准。",
                "{by} proposes a version of {process}; it waits for another person.",
            ),
            _PROCESS,
            is_todo=True,
        ),
        Kind.PROCESS_APPROVED: Sort(
            Words("您提出的流程新版本已批准", "Your version of a process was approved"),
            Words("{by} 批准了“{process}”，自 {from_at} 起生效。", "{by} approved {process}; in force from {from_at}."),
            _PROCESS,
        ),
        Kind.PROCESS_REFUSED: Sort(
            Words("您提出的流程新版本被驳回", "Your version of a process was refused"),
            Words("{by} 驳回了“{process}”：{reason}", "{by} refused {process}: {reason}"),
            _PROCESS,
        ),
        Kind.PROCESS_WITHDRAWN: Sort(
            Words("您提出的流程新版本被撤回", "Your version of a process was withdrawn"),
            Words("{by} 撤回了“{process}”：{reason}", "{by} withdrew {process}: {reason}"),
            _PROCESS,
        ),
        Kind.JOB_FAILED: Sort(
            Words("您发起的后台任务失败", "A job you started failed"),
            Words("您发起的任务 {id}（{job}）失败：{cause}", "The job {id} ({job}) you started failed: {cause}"),
            None,
        ),
        Kind.BATCH_ACCEPTED: Sort(
            Words("您导入的批次已入库", "Your delivery is in the register"),
            Words("{by} 已把您导入的批次 {id} 接收入库。", "{by} accepted your batch {id} into the register."),
            "/intake/{id}",
        ),
        Kind.BATCH_CANCELLED: Sort(
            Words("您导入的批次已被放弃", "Your delivery was given up"),
            Words("{by} 放弃了您导入的批次 {id}：{reason}", "{by} gave up your batch {id}: {reason}"),
            "/intake/{id}",
        ),
        Kind.BATCH_UNDONE: Sort(
            Words("您导入的批次已被撤出", "Your delivery was taken out again"),
            Words("{by} 撤出了您导入的批次 {id}。", "{by} took your batch {id} out of the register again."),
            "/intake/{id}",
        ),
        Kind.FINDING_CONTESTED: Sort(
            Words("您的工程有新的异议", "A finding of your work was contested"),
            Words(
                "{by} 对您的工程 {id}“{name}”的一条检查结果提出异议。",
                "{by} contested a finding of your work {id} “{name}”.",
            ),
            "/works/{id}",
        ),
        Kind.POST_GRANTED: Sort(
            Words("您获得新岗位", "You hold a new post"),
            Words(
                "{by} 授予您岗位：{role} · {unit}，自 {from_at} 起。重新登录后生效。",
                "{by} gave you the post {role} · {unit} from {from_at}; sign in again to use it.",
            ),
            _ACCOUNT,
        ),
        Kind.POST_ENDED: Sort(
            Words("您的岗位已结束", "A post of yours was ended"),
            Words("{by} 收回了您的岗位：{role}。", "{by} ended your post {role}."),
            _ACCOUNT,
        ),
        Kind.POST_EXPIRES: Sort(
            Words("您的岗位即将到期", "A post of yours ends soon"),
            Words(
                "您的岗位 {role} 将于 {until_at} 到期；需要延续请联系安全管理员。",
                "Your post {role} ends at {until_at}; ask the security administrator if you need it longer.",
            ),
            _ACCOUNT,
        ),
        Kind.RIGHT_GIVEN: Sort(
            Words("您的数据权限有变化", "Your data rights changed"),
            Words("{by} 给您的岗位增加了一条数据权限。", "{by} gave your post a data right."),
            _ACCOUNT,
        ),
        Kind.RIGHT_TAKEN: Sort(
            Words("您的数据权限有变化", "Your data rights changed"),
            Words("{by} 收回了您岗位的一条数据权限。", "{by} took a data right from your post."),
            _ACCOUNT,
        ),
        Kind.LENT_TO_ME: Sort(
            Words("有岗位交由您代理", "A post is lent to you"),
            Words(
                "{giver} 的岗位 {role} 交由您代理，{from_at} 至 {until_at}：{reason}",
                "The post {role} of {giver} is lent to you from {from_at} to {until_at}: {reason}",
            ),
            _ACCOUNT,
        ),
        Kind.LENT_OF_MINE: Sort(
            Words("您的岗位已交他人代理", "A post of yours is lent"),
            Words(
                "{by} 把您的岗位 {role} 交由 {taker} 代理，{from_at} 至 {until_at}。",
                "{by} lent your post {role} to {taker} from {from_at} to {until_at}.",
            ),
            _ACCOUNT,
        ),
        Kind.LENDING_BEGINS: Sort(
            Words("岗位代理已开始", "A lent post begins"),
            Words(
                "{giver} 的岗位 {role} 由 {taker} 代理，现已开始，至 {until_at}。",
                "{taker} acts for {giver} as {role} from now until {until_at}.",
            ),
            _ACCOUNT,
        ),
        Kind.LENDING_EXPIRES: Sort(
            Words("岗位代理即将结束", "A lent post ends soon"),
            Words(
                "{taker} 代理 {giver} 的岗位 {role}，将于 {until_at} 结束。",
                "{taker} acts for {giver} as {role} until {until_at} only.",
            ),
            _ACCOUNT,
        ),
        Kind.LENDING_ENDED: Sort(
            Words("岗位代理已提前结束", "A lent post was ended"),
            Words(
                "{by} 提前结束了 {taker} 对 {giver} 岗位 {role} 的代理。",
                "{by} ended before its time that {taker} acts for {giver} as {role}.",
            ),
            _ACCOUNT,
        ),
        Kind.NEW_DEVICE: Sort(
            Words("您的账号在新设备上登录", "Your account signed in on a new device"),
            Words(
                "您的账号于 {signed_at} 在新设备上登录，来自 {address}。若非本人，请立即修改密码并退出全部会话。",
                "Your account signed in on a new device at {signed_at} from {address}. If that was not you, change the "
                "password and sign out everywhere now.",
            ),
            _ACCOUNT,
        ),
        Kind.GUESSED: Sort(
            Words("有人反复尝试登录您的账号", "Somebody keeps trying to sign in as you"),
            Words(
                "{tried_at} 起有人反复尝试登录您的账号（最近来自 {address}），登录已减速；您在常用设备上不受影响。",
                "Since {tried_at} somebody keeps trying to sign in as you (lately from {address}) and is slowed down; "
                "your own devices are not.",
            ),
            _ACCOUNT,
        ),
        Kind.PASSWORD_CHANGED: Sort(
            Words("您的密码已修改", "Your password was changed"),
            Words(
                "您的密码于 {changed_at} 修改，来自 {address}。若非本人，请立即联系系统管理员。",
                "Your password was changed at {changed_at} from {address}. If that was not you, tell the system "
                "administrator now.",
            ),
            _ACCOUNT,
        ),
        Kind.PASSWORD_RESET: Sort(
            Words("您的密码已被重置", "Your password was reset"),
            Words("{by} 于 {changed_at} 重置了您的密码。", "{by} reset your password at {changed_at}."),
            _ACCOUNT,
        ),
        Kind.FACTOR_CHANGED: Sort(
            Words("您的登录方式有变化", "Your ways of signing in changed"),
            Words(
                "您的动态口令或通行密钥于 {changed_at} 有变化，来自 {address}。若非本人，请立即联系安全管理员。",
                "Your second factor or passkeys were changed at {changed_at} from {address}. If that was not you, tell "
                "the security administrator now.",
            ),
            _ACCOUNT,
        ),
        Kind.FACTOR_RESET: Sort(
            Words("您的动态口令已被清除", "Your second factor was taken away"),
            Words(
                "{by} 于 {changed_at} 清除了您的动态口令与通行密钥。",
                "{by} took your second factor and passkeys away at {changed_at}.",
            ),
            _ACCOUNT,
        ),
        Kind.TOKEN_ISSUED: Sort(
            Words("以您的名义签发了访问令牌", "An access token was issued in your name"),
            Words(
                "以您的名义签发了访问令牌“{label}”，有效至 {until_at}。",
                "The access token “{label}” was issued in your name, good until {until_at}.",
            ),
            _ACCOUNT,
        ),
        Kind.TOKEN_EXPIRES: Sort(
            Words("访问令牌即将到期", "An access token ends soon"),
            Words(
                "您的访问令牌“{label}”将于 {until_at} 到期。", "Your access token “{label}” ends at {until_at}."
            ),
            _ACCOUNT,
        ),
    }
)  # fmt: skip

UNKNOWN_SORT: Final = Sort(
    Words("通知", "Notice"), Words("（此版本不认识的通知）", "(a notice this version does not know)"), None
)
_BY_NAME: Final = {kind.value: sort for kind, sort in SORTS.items()}


def sort_called(kind: str) -> Sort:
    """The sort of a kind by its name; of one from a newer version, what is said of all such."""
    return _BY_NAME.get(kind, UNKNOWN_SORT)
