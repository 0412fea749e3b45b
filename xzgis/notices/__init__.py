"""To-dos and notices 待办与通知: what waits for somebody, with its clock, and what he should know.

*To-do* 待办: waits for one person, or for whoever holds a permission; it is done when its cause is done, by anybody.
*Notice* 通知: tells one person something; it waits for nothing and counts until it is read.
*Cause* 事由: the record it speaks of. The same cause is there once (docs/decisions/0055).
What is told never holds a place, a size or an owner of a line: who follows the link sees what he may see there.
"""
