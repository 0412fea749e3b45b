"""People, organisations, rights and sign-in.

An *area* 区划 is a node of the tree city, district, township; a *unit* 单位 is a department or a company tied to
one; a *person* 人员 holds *posts* 岗位 (unit + role + area + kinds + period). A *role* 角色 is a row of the table
in ``permissions.py``; a *delegation* 代理 lends a post to somebody for some days; a *session* 会话 is a browser
that signed in, a *token* 访问令牌 a machine that was let in. The three administrators 三员 (system, security,
audit) are separate people and see no business data by being one.
"""
