"""How long the newsroom takes over what readers and editors ask of it, measured on the database in force."""
