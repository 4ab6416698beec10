"""Dumps are taken apart without mistaking what is inside quotes for their own punctuation."""

import pytest

from tenants.schemas.statements import replayable, split_statements


def test_comments_settings_and_psql_commands_are_left_out() -> None:
    dump = """
--
-- PostgreSQL database dump; with a semicolon
--
\\restrict abcDEF
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
SET default_table_access_method = heap;
CREATE TABLE x.a (
    id uuid NOT NULL -- the key; really
);
SELECT pg_catalog.setval('x.a_seq', 7, true);
\\unrestrict abcDEF
"""
    assert replayable(dump) == (
        "CREATE TABLE x.a (\n    id uuid NOT NULL \n);\nSELECT pg_catalog.setval('x.a_seq', 7, true);\n"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO x.a VALUES ('SET a; -- no comment'), ('it''s; fine')",
        "INSERT INTO x.a VALUES (E'back\\\\slash \\'; quoted')",
        "INSERT INTO x.a VALUES ('line one\n-- line two;\n\\restrict not a command\nSET x = 1;')",
        'CREATE TABLE x."odd;name" ("a""b;" integer)',
        "CREATE FUNCTION x.f() RETURNS trigger AS $$ BEGIN RAISE 'a;b'; END $$",
        "CREATE FUNCTION x.f() RETURNS text AS $body$ SELECT $$;$$; -- stays $body$",
        "ALTER TABLE ONLY x.a ADD CONSTRAINT a_check CHECK ((a ~ '^[a-z];$'::text))",
    ],
)
def test_what_is_inside_quotes_stays_whole(statement: str) -> None:
    assert list(split_statements(f"SELECT 1;\n{statement};\nSELECT 2;")) == [
        "SELECT 1",
        statement,
        "SELECT 2",
    ]


def test_a_dump_that_ends_early_is_refused() -> None:
    with pytest.raises(ValueError, match="ends in the middle"):
        list(split_statements("CREATE TABLE x.a (id uuid"))
