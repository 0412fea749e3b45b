"""How the district is drawn up: streets, depths, lines, violations. Pure and seeded."""
