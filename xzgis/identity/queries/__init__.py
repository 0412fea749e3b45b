"""How people, posts and organisations are read; who stands behind a session or a token."""

from xzgis.identity.queries.actors import actor_of_session, actor_of_token, names_of, posts_of
from xzgis.identity.queries.directory import (
    PeopleAsked,
    delegations_of,
    people,
    person_facts,
    sessions_of,
    tokens_of,
    visible_to,
)
from xzgis.identity.queries.organisation import area_of_place, areas_tree, units_tree
from xzgis.identity.queries.rights import rights_of

__all__ = [
    "PeopleAsked",
    "actor_of_session",
    "actor_of_token",
    "area_of_place",
    "areas_tree",
    "delegations_of",
    "names_of",
    "people",
    "person_facts",
    "posts_of",
    "rights_of",
    "sessions_of",
    "tokens_of",
    "units_tree",
    "visible_to",
]
