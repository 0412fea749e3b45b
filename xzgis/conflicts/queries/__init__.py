"""How a check reads the register: candidates, coverage, ground, facts for the findings."""
