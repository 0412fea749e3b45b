"""What can be done with people, posts, organisations, sessions and tokens."""

from xzgis.identity.actions.first import first_administrators
from xzgis.identity.actions.organisation import add_area, add_unit, close_unit
from xzgis.identity.actions.own import (
    act_in,
    change_password,
    confirm_totp,
    end_session,
    enrol_totp,
    note_seen,
    note_used,
    sign_out,
    sign_out_everywhere,
)
from xzgis.identity.actions.passkeys import (
    add_passkey,
    begin_passkey,
    begin_passkey_sign_in,
    passkeys_of,
    remove_passkey,
    sign_in_with_passkey,
)
from xzgis.identity.actions.people import (
    add_person,
    change_person,
    leave_person,
    reset_password,
    reset_second_factor,
    reveal_fact,
    sign_out_person,
)
from xzgis.identity.actions.posts import delegate, end_delegation, end_post, grant_post
from xzgis.identity.actions.rights import give_right, take_right
from xzgis.identity.actions.signing_in import sign_in
from xzgis.identity.actions.tidying import tidy
from xzgis.identity.actions.tokens import issue_token, revoke_token
from xzgis.identity.rules.tokens import csrf_matches, csrf_token

__all__ = [
    "act_in",
    "add_area",
    "add_passkey",
    "add_person",
    "add_unit",
    "begin_passkey",
    "begin_passkey_sign_in",
    "change_password",
    "change_person",
    "close_unit",
    "confirm_totp",
    "csrf_matches",
    "csrf_token",
    "delegate",
    "end_delegation",
    "end_post",
    "end_session",
    "enrol_totp",
    "first_administrators",
    "give_right",
    "grant_post",
    "issue_token",
    "leave_person",
    "note_seen",
    "note_used",
    "passkeys_of",
    "remove_passkey",
    "reset_password",
    "reset_second_factor",
    "reveal_fact",
    "revoke_token",
    "sign_in",
    "sign_in_with_passkey",
    "sign_out",
    "sign_out_everywhere",
    "sign_out_person",
    "take_right",
    "tidy",
]
