"""After a test that committed, the database is again as the migrations left it, whatever ran before.

Django empties every table anew (TRUNCATE makes new files for each of them and all their indexes) and makes content
types and permissions again; what migrations bring, such as the first mail domains, is gone for all later tests. Here
only what a test has touched is put back, in one call of a function in the test's own database.
"""

from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

# Rows that are there before any test are kept in a schema of their own, a copy of each table that has some. Locking
# waits, as TRUNCATE does, for a process that was killed in the middle of a statement. As a replica the session fires
# no trigger and checks no reference. After a test with very many rows all is truncated, so that no dead ones are left.
REMEMBER = """
CREATE SCHEMA as_migrated;
CREATE FUNCTION as_migrated.tables() RETURNS TABLE (name name, is_large boolean) LANGUAGE sql AS $$
  SELECT relname, pg_relation_size(oid) > 2^20 FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'django_migrations'
$$;
DO $$
DECLARE
  each name;
  has_rows boolean;
BEGIN
  FOR each IN SELECT name FROM as_migrated.tables() LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', each) INTO has_rows;
    IF has_rows THEN
      EXECUTE format('CREATE TABLE as_migrated.%1$I AS TABLE public.%1$I', each);
    END IF;
  END LOOP;
END $$;
CREATE FUNCTION as_migrated.restore() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$
DECLARE
  each record;
  every text;
  is_full boolean;
  differs boolean;
BEGIN
  SELECT string_agg(format('public.%I', name), ', '), bool_or(is_large) FROM as_migrated.tables() INTO every, is_full;
  EXECUTE format('LOCK TABLE %s', every);
  IF is_full THEN
    EXECUTE format('TRUNCATE %s', every);
  END IF;
  FOR each IN SELECT name, to_regclass(format('as_migrated.%I', name)) AS kept FROM as_migrated.tables() LOOP
    IF each.kept IS NULL THEN
      EXECUTE format('DELETE FROM public.%I', each.name);
    ELSE
      EXECUTE format(
        'SELECT EXISTS ((SELECT a::text FROM public.%1$I a EXCEPT ALL SELECT b::text FROM as_migrated.%1$I b)'
        ' UNION ALL (SELECT b::text FROM as_migrated.%1$I b EXCEPT ALL SELECT a::text FROM public.%1$I a))', each.name
      ) INTO differs;
      IF differs THEN
        EXECUTE format('DELETE FROM public.%I', each.name);
        EXECUTE format('INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE TABLE as_migrated.%1$I', each.name);
      END IF;
    END IF;
  END LOOP;
END $$;
"""


def restore(case: TransactionTestCase | None = None) -> None:
    """In place of Django's `flush` at the end of a test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT as_migrated.restore()")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, which remembers how the migrations left it."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(REMEMBER)
    TransactionTestCase._fixture_teardown = restore
