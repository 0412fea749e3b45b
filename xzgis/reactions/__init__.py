"""What follows from what happened, in the same transaction: today to-dos and notices (docs/decisions/0055).

Every event of the trail passes :func:`xzgis.reactions.actions.following.react`; the whole list of what follows stands there.
"""
