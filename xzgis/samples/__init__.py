"""The invented district: seeded, believable, and known to the last violation.

Glossary: *street segment*, the part of a street between two junctions; *main*, a line along a street; *lateral*,
a line from a main to a parcel or gully; *band*, the depth between which the mains of one kind lie, so that lines
of different kinds are clear of each other wherever they cross; *fault*, an injected violation.
"""
