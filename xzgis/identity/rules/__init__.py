"""What is true of accounts, passwords, periods, codes and tokens; no database, no clock."""
