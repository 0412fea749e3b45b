"""xzgis: the register of a city's buried lines, and the conflicts of new works before anyone digs."""
