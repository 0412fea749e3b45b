"""Process definitions: how a procedure runs, step by step, as BPMN 2.0 with its legal clocks; versions of them.

Words: a *process* is known by its key; a *version* of it is one BPMN file, proposed by one person, approved by another
and in force from its time until the next one; a *step* is what somebody does in it.
"""
