"""Django database backend of Fynlo: PostgreSQL with a connection that is nowhere until it is placed."""
