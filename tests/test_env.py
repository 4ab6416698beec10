"""Reading the environment: typed values, and errors that name the variable and never a secret."""

import pytest

from fynlo.env import Env, EnvironmentValueError, database_settings, email_settings


def env(**values: str) -> Env:
    """An environment with these variables."""
    return Env(values)


def refusal(call: object) -> str:
    """The message with which a reader refuses."""
    with pytest.raises(EnvironmentValueError) as caught:
        call()  # type: ignore[operator]
    return str(caught.value)


def test_an_empty_variable_counts_as_unset() -> None:
    assert env(FYNLO_X="  ").text("FYNLO_X", "default") == "default"
    assert env(FYNLO_X="").integer("FYNLO_X", 7) == 7
    assert env(FYNLO_X="").flag("FYNLO_X", default=True) is True
    assert env(FYNLO_X=" ").list("FYNLO_X", ["a"]) == ["a"]


def test_text_is_trimmed_and_may_be_one_of_a_few() -> None:
    assert env(FYNLO_X=" on premises ").text("FYNLO_X") == "on premises"
    assert refusal(lambda: env(FYNLO_X="blue").text("FYNLO_X", allowed=["red", "green"])) == (
        "FYNLO_X: 'blue' is not allowed; allowed are red, green"
    )
    assert refusal(lambda: env().text("FYNLO_X")) == "FYNLO_X: is not set and has no default"


@pytest.mark.parametrize(
    ("given", "meant"),
    [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False), ("off", False)],
)
def test_yes_and_no_have_several_spellings(given: str, meant: bool) -> None:
    assert env(FYNLO_X=given).flag("FYNLO_X") is meant


def test_another_word_is_not_taken_for_no() -> None:
    assert refusal(lambda: env(FYNLO_X="maybe").flag("FYNLO_X")).startswith(
        "FYNLO_X: 'maybe' is not a yes/no value"
    )


def test_amounts_are_minor_units_by_currency() -> None:
    assert env(FYNLO_X="EUR=10, GBP=8").amounts("FYNLO_X") == {"EUR": 10, "GBP": 8}
    assert env().amounts("FYNLO_X") == {}
    for wrong in ("EUR", "EUR=0.1", "eur=10", "EUR=-1"):
        assert refusal(lambda wrong=wrong: env(FYNLO_X=wrong).amounts("FYNLO_X")) == (  # type: ignore[misc]
            f"FYNLO_X: '{wrong}' is no amount; write EUR=10, in minor units"
        )


def test_whole_numbers_are_ascii_digits_within_bounds() -> None:
    assert env(FYNLO_X="8080").integer("FYNLO_X", minimum=1, maximum=65535) == 8080
    assert env(FYNLO_X="-3").integer("FYNLO_X") == -3
    assert refusal(lambda: env(FYNLO_X="٣").integer("FYNLO_X")) == "FYNLO_X: '٣' is not a whole number"
    assert refusal(lambda: env(FYNLO_X="1e3").integer("FYNLO_X", minimum=1)) == (
        "FYNLO_X: '1e3' is not a whole number; allowed is 1 or more"
    )
    assert refusal(lambda: env(FYNLO_X="70000").integer("FYNLO_X", minimum=1, maximum=65535)) == (
        "FYNLO_X: 70000 is out of range; allowed is 1 to 65535"
    )


def test_lists_are_separated_by_commas() -> None:
    assert env(FYNLO_X="a, b,,c ").list("FYNLO_X") == ["a", "b", "c"]


def test_a_secret_shows_in_no_repr_and_no_message() -> None:
    secret = env(FYNLO_X="correct horse battery").secret("FYNLO_X")
    assert secret == "correct horse battery"
    assert repr({"key": secret}) == "{'key': '********'}"
    assert refusal(lambda: env(FYNLO_X="short").secret("FYNLO_X")) == "FYNLO_X: is shorter than 16 characters"
    assert "horse" not in repr(env(FYNLO_X="correct horse battery"))


def test_an_environment_with_a_database_is_production_until_it_says_otherwise() -> None:
    assert env().environment() == "development"
    assert env(DATABASE_URL="postgres://db/fynlo").environment() == "production"
    assert env(DATABASE_URL="postgres://db/fynlo", FYNLO_ENV="test").environment() == "test"
    assert refusal(lambda: env(FYNLO_ENV="prod").environment()) == (
        "FYNLO_ENV: 'prod' is not allowed; allowed are development, test, production"
    )


def test_a_database_address_becomes_django_settings() -> None:
    found = database_settings(
        "postgres://fynlo_app:p%40ss%2Fword@db.example:5433/fynlo?sslmode=require&connect_timeout=5"
    )
    assert {key: found[key] for key in ("NAME", "USER", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "fynlo",
        "USER": "fynlo_app",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require", "connect_timeout": 5},
    }
    assert found["PASSWORD"] == "p@ss/word"
    assert "p@ss" not in repr(found)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("postgres://%2FVar%2Frun%2Fpostgresql/fynlo", "/Var/run/postgresql"),
        ("postgresql://[::1]:5432/fynlo", "::1"),
        ("postgres:///fynlo", ""),
    ],
)
def test_hosts_may_be_sockets_and_ipv6(address: str, host: str) -> None:
    assert database_settings(address)["HOST"] == host


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("mysql://u:geheim@h/n", "must start with postgres:// or postgresql://"),
        ("postgres://u:geheim@h:port/n", "is not a valid address"),
        ("postgres://u:geheim@h/", "does not name one database"),
        ("postgres://u:geheim@h/a/b", "does not name one database"),
        ("postgres://u:geheim@h/n#x", "contains a bare '#'"),
        ("postgres://u:geheim@h/n?sslmod=require", "unknown option 'sslmod'"),
        ("postgres://u:geheim@h/n?connect_timeout=soon", "option connect_timeout must be a whole number"),
    ],
)
def test_a_bad_address_is_refused_without_showing_its_password(address: str, problem: str) -> None:
    message = refusal(lambda: database_settings(address, variable="DATABASE_OWNER_URL"))
    assert message.startswith(f"DATABASE_OWNER_URL: {problem}")
    assert "geheim" not in message


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False, False)),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "", "", False, False)),
        ("smtp+starttls://bob:p%40ss@mail.example", ("mail.example", 587, "bob", "p@ss", True, False)),
        ("smtps://bob:word@mail.example:4650", ("mail.example", 4650, "bob", "word", False, True)),
    ],
)
def test_a_mail_server_has_an_address(url: str, said: tuple[object, ...]) -> None:
    found = email_settings(url)
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    assert tuple(found[f"EMAIL_{name}"] for name in names) == said
    assert "word" not in repr(found)


def test_letters_can_be_printed_or_kept_in_a_folder() -> None:
    assert email_settings("console:") == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    assert email_settings("file:///var/letters") == {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": "/var/letters",
    }


@pytest.mark.parametrize(
    "url", ["pigeon://bob:s3cret@mail", "smtp://", "smtp://bob:s3cret@mail:many", "file:///"]
)
def test_what_is_no_mail_server_is_refused_without_repeating_it(url: str) -> None:
    message = refusal(lambda: email_settings(url))
    assert message.startswith("FYNLO_EMAIL_URL: ")
    assert "s3cret" not in message
