#!/bin/sh
# Makes Fynlo's two database roles when the database container starts for the first time.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set app="$FYNLO_APP_PASSWORD" --set owner="$FYNLO_OWNER_PASSWORD" <<'SQL'
CREATE ROLE fynlo_owner LOGIN PASSWORD :'owner';
CREATE ROLE fynlo_app LOGIN PASSWORD :'app';
ALTER DATABASE fynlo OWNER TO fynlo_owner;
GRANT CREATE, USAGE ON SCHEMA public TO fynlo_owner;
ALTER SCHEMA public OWNER TO fynlo_owner;
SQL
