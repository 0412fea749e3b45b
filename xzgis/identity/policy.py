"""Who may do what to people and posts, and why not: each refusal is one sentence, shown beside the button."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xzgis.core.actor import Actor
from xzgis.core.errors import NotAllowed
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.identity.terms import Role


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody holds or will hold at the times that matter: roles of own posts, and whether posts are lent to him."""

    roles: frozenset[Role] = frozenset()
    is_lent_posts: bool = False

    @property
    def is_administrator(self) -> bool:
        """Whether he is one of the three."""
        return any(role.is_administrator for role in self.roles)


def check_can_grant(actor: Actor, *, person_id: int, role: Role, held: Held) -> None:
    """Refuse unless ``actor`` may grant ``role`` to the person, who holds ``held`` during the same time.

    Raises
    ------
    NotAllowed
        No right to grant; a grant to himself; or the three administrators would be mixed.
    """
    actor.require(Permission.IDENTITY_POSTS)
    if actor.id == person_id:
        raise NotAllowed(Words("任何人不得给自己授予岗位。", "Nobody grants a post to himself."))
    check_apart(role, held)


def check_apart(role: Role, held: Held) -> None:
    """Refuse to mix the three administrators with one another or with the business.

    Raises
    ------
    NotAllowed
        The sentence names the post in the way.
    """
    in_the_way = sorted(other for other in held.roles if other.camp != role.camp)
    if in_the_way:
        other = in_the_way[0].words
        raise NotAllowed(
            Words(
                f"三员分立：该人员同期已任{other.zh}，不能再任{role.words.zh}。",
                f"The three administrators are separate: this person is {other.en} at the same time and cannot be "
                f"{role.words.en}.",
            )
        )
    if role.is_administrator and held.is_lent_posts:
        raise NotAllowed(
            Words(
                "三员分立：该人员正在代理他人岗位，不能任管理员；请先结束代理。",
                "The three administrators are separate: this person acts for somebody; end that delegation first.",
            )
        )


def check_can_end_post(actor: Actor, *, person_id: int, role: Role, others: Collection[int]) -> None:
    """Refuse unless ``actor`` may end the post; ``others`` hold the same role now beside the person.

    Raises
    ------
    NotAllowed
        No right; the own post; or the last administrator of his sort.
    """
    actor.require(Permission.IDENTITY_POSTS)
    if actor.id == person_id:
        raise NotAllowed(Words("任何人不得收回自己的岗位。", "Nobody ends a post of his own."))
    check_not_last((role,), others)


def check_can_let_leave(
    actor: Actor, *, person_id: int, roles: Iterable[Role], others: Collection[int]
) -> None:
    """Refuse unless ``actor`` may end the person's account; ``others`` as in :func:`check_can_end_post`.

    Raises
    ------
    NotAllowed
        No right; himself; or the last administrator of his sort.
    """
    actor.require(Permission.IDENTITY_PEOPLE)
    if actor.id == person_id:
        raise NotAllowed(Words("任何人不得停用自己的账号。", "Nobody ends his own account."))
    check_not_last(roles, others)


def check_not_last(roles: Iterable[Role], others: Collection[int]) -> None:
    """Refuse to take the last of the three administrators of a sort away.

    Raises
    ------
    NotAllowed
        The sentence says which.
    """
    for role in roles:
        if role.is_administrator and not others:
            raise NotAllowed(
                Words(
                    f"这是最后一位{role.words.zh}，须先任命接任者。",
                    f"This is the last {role.words.en}; appoint a successor first.",
                )
            )


def check_can_reset_password(actor: Actor, *, person_id: int, held: Held, has_second_factor: bool) -> None:
    """Refuse unless ``actor`` may be told a one-time password of the person.

    A system administrator who could reset the password of another administrator without a second factor could
    take that place; with one, the password alone lets nobody in.

    Raises
    ------
    NotAllowed
        No right; himself; or an administrator without a second factor, unless at the console.
    """
    actor.require(Permission.IDENTITY_PEOPLE)
    if actor.id == person_id:
        raise NotAllowed(Words("请用“修改密码”修改自己的密码。", "Change your own password instead."))
    if actor.id is not None and held.is_administrator and not has_second_factor:
        raise NotAllowed(
            Words(
                "该管理员没有动态口令，重置密码等于接管其账号；请在服务器上用 xzgis people reset-password。",
                "This administrator has no second factor: to reset the password would be to take the account; "
                "use xzgis people reset-password on the server.",
            )
        )


def check_can_reset_factor(actor: Actor, *, person_id: int) -> None:
    """Refuse unless ``actor`` may take the person's second factor away.

    Raises
    ------
    NotAllowed
        No right, or himself: the one who resets passwords and the one who resets factors are two people.
    """
    actor.require(Permission.IDENTITY_POSTS)
    if actor.id == person_id:
        raise NotAllowed(Words("任何人不得清除自己的动态口令。", "Nobody resets his own second factor."))


def check_can_lend(actor: Actor, *, holder_id: int, to_id: int, role: Role, taker: Held) -> None:
    """Refuse unless ``actor`` may lend the holder's post to somebody, who holds ``taker`` at that time.

    Raises
    ------
    NotAllowed
        Neither the holder himself nor the security administrator; an administrator's post; to the holder
        himself; to the one who lends it; or to an administrator.
    """
    if actor.id != holder_id or actor.acting_for is not None:
        actor.require(Permission.IDENTITY_POSTS)
    if role.is_administrator:
        raise NotAllowed(
            Words(
                "三员的岗位不得代理，请由安全管理员任命他人。",
                "An administrator's post is not lent; appoint another person.",
            )
        )
    if to_id == holder_id:
        raise NotAllowed(Words("不能由本人代理本人。", "Nobody acts for himself."))
    if to_id == actor.id:
        raise NotAllowed(
            Words("任何人不得把他人岗位交给自己代理。", "Nobody lends another's post to himself.")
        )
    if taker.is_administrator:
        raise NotAllowed(
            Words("三员不得代理业务岗位。", "An administrator does not act for others in the business.")
        )


def check_can_end_delegation(actor: Actor, *, giver_id: int, taker_id: int) -> None:
    """Refuse unless ``actor`` lent the post, was lent it, or grants posts.

    Raises
    ------
    NotAllowed
        None of these.
    """
    if actor.id is None or actor.id not in (giver_id, taker_id):
        actor.require(Permission.IDENTITY_POSTS)


def check_can_issue(actor: Actor, *, permissions: Collection[str]) -> None:
    """Refuse unless ``actor`` may issue a token with ``permissions``: his own only, and never for people's affairs.

    Raises
    ------
    NotAllowed
        No right; acting by delegation; a permission he has not; or one a machine never has.
    """
    actor.require(Permission.IDENTITY_TOKENS)
    if actor.id is None or actor.acting_for is not None:
        raise NotAllowed(Words("令牌只能以本人名义签发。", "A token is issued in one's own name only."))
    foreign = sorted(name for name in permissions if not actor.may(name) or name.startswith("identity."))
    if foreign or not permissions:
        named = "、".join(foreign) or "—"
        raise NotAllowed(
            Words(
                f"令牌只能带有本人已有的业务权限，这些不行：{named}。",
                f"A token carries business permissions of one's own; not these: {', '.join(foreign) or 'none named'}.",
            )
        )


def check_can_revoke(actor: Actor, *, person_id: int) -> None:
    """Refuse unless the token is the actor's own or the actor grants posts.

    Raises
    ------
    NotAllowed
        Neither.
    """
    if actor.id is None or actor.id != person_id:
        actor.require(Permission.IDENTITY_POSTS)
