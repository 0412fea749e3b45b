"""What keeps the installation itself sound, and shows it: figures of its state, its log, backups and drills.

Glossary: *figure*, a number of the program's own state (never of a person, place or record); *base backup*, the whole
cluster copied while it runs; *log of changes*, what PostgreSQL writes ahead of every change (WAL); *window*, the
moments that can be restored; *drill*, a restore beside the running system that shows how long it takes and that
nothing acknowledged is lost.
"""
