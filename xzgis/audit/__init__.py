"""The append-only trail, which is also the outbox of events.

Glossary: trail 审计记录 (what happened, one row each) · link 链 (a row's place in the chain of hashes) · seal 封签
(a signed hash of the chain, kept in the database and in a file outside it) · epoch 纪元 (one life of the
database's transaction numbers; a logical restore begins the next) · horizon (every transaction before it is over).
"""
