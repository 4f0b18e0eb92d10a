#!/bin/sh
# Makes both of Temporal's databases, or brings them up to this server's schema; may be repeated.
set -eu
for name in temporal temporal_visibility; do
  folder=$([ "$name" = temporal ] && echo temporal || echo visibility)
  tool="temporal-sql-tool --plugin postgres12 --ep $POSTGRES_SEEDS -u $POSTGRES_USER -p $DB_PORT --db $name"
  $tool create || true
  $tool setup-schema -v 0.0 || true
  $tool update-schema -d "/etc/temporal/schema/postgresql/v12/$folder/versioned"
done
