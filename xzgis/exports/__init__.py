"""Files that leave: who took what, why, how secret, over which ground; approval, withdrawal, verification.

*Export*: one taking out, of one or several files. *Extent*: the ground it holds, in whole cells. *Contiguous ground*:
what one person took within the window and lies together. *Approval*: a second person's leave to take more of it.
"""
