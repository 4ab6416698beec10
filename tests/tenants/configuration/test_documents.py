"""Reading a merchant's file: strictly, with a line for everything."""

import codecs

import pytest

from tenants.configuration.documents import MAX_BYTES, Document, read_document
from tenants.configuration.problems import InvalidConfiguration


def refusal(content: bytes) -> str:
    """The one sentence with which a file is refused as a whole."""
    with pytest.raises(InvalidConfiguration) as refused:
        read_document(content)
    (problem,) = refused.value.problems
    return problem.sentence()


def problems(text: str) -> list[tuple[str, str, int | None]]:
    """Path, code and line of what was found while reading went on."""
    return [(problem.where, problem.code, problem.line) for problem in read_document(text.encode()).problems]


def test_values_know_their_lines() -> None:
    document = read_document(b"a:\n  - b: 1\n    c: two\n# nothing\nd: {e: [x, y]}\n")
    assert document.tree == {"a": [{"b": 1, "c": "two"}], "d": {"e": ["x", "y"]}}
    assert document.line(("a", 0, "c")) == 3
    assert document.line(("d", "e", 1)) == 5
    assert document.line(("a", 0, "missing", "deeper")) == 2


def test_patterns_find_values_and_pass_over_what_is_not_there() -> None:
    document = Document({"shops": [{"code": "a", "tills": [{"code": "k"}]}, {"tills": "none"}, 7]})
    assert list(document.find("shops[*].code")) == [(("shops", 0, "code"), "a")]
    assert list(document.find("shops[*].tills[*].code")) == [(("shops", 0, "tills", 0, "code"), "k")]
    assert list(document.find("nothing[*].at.all")) == []


def test_a_byte_order_mark_of_windows_editors_is_accepted() -> None:
    assert read_document(codecs.BOM_UTF8 + b"a: \xc3\xa9").tree == {"a": "é"}


def test_both_line_ends_are_accepted() -> None:
    document = read_document(b"a: 1\r\nb: 2\r\n")
    assert (document.tree, document.line(("b",))) == ({"a": 1, "b": 2}, 2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "(file): the file is empty; allowed: sections such as merchant, staff and pos"),
        (b" \n\n", "(file): the file is empty; allowed: sections such as merchant, staff and pos"),
        (b"# only this\n", "(file): the file holds only comments; allowed: sections such as merchant"),
        (b"- a\n- b\n", "(file) (line 1): the file is not a mapping; allowed: sections such as merchant:"),
        (b"just words", "(file) (line 1): the file is not a mapping; allowed: sections such as merchant:"),
        (b"a: 1\n---\nb: 2\n", "(file) (line 2): a second document starts here; allowed: one document"),
        (b"a: 1\nb: \xe9\n", "(file) (line 2): byte 0xe9 is not UTF-8; allowed: UTF-8"),
        (
            "a: é".encode("utf-16"),
            "(file): the file is UTF-16 or UTF-32; allowed: UTF-8; save the file as UTF-8",
        ),
        (b"a: 1\nb: \x00\n", "(file) (line 2): a control character is not allowed in the file"),
        (
            b"a:\n\tb: 1\n",
            "(file) (line 2): a tab stands where YAML wants spaces; allowed: YAML, indented with spaces",
        ),
        (
            b"a: [1, 2\nb: 3\n",
            "(file) (line 2): expected ',' or ']', but got ':'; allowed: YAML, indented with spaces",
        ),
        (b"? [a, b]\n: 1\n", "(file) (line 1): a key must be a plain name; allowed: text"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_says_why(content: bytes, sentence: str) -> None:
    assert refusal(content) == sentence


def test_a_file_over_the_limit_is_not_looked_into() -> None:
    assert refusal(b"#" * (MAX_BYTES + 1)) == (
        f"(file): the file has {MAX_BYTES + 1} bytes; allowed: at most {MAX_BYTES} bytes"
    )


def test_depth_ends_before_python_does() -> None:
    assert refusal(b"a: " + b"[" * 100_000).endswith("too deep; allowed: 16 levels")


def test_what_is_wrong_inside_is_collected() -> None:
    text = 'a: &x 1\nb: *x\nc: !!python/name:os.system ""\nd: 1\nd: 2\nno: 3\n7: 4\n<<: {}\n'
    assert problems(text) == [
        ("a", "anchor", 1),
        ("b", "alias", 2),
        ("c", "tag", 3),
        ("d", "duplicate_key", 5),
        ("no", "key", 6),
        ("7", "key", 7),
        ("<<", "key", 8),
    ]


def test_a_billion_laughs_stay_one_small_tree() -> None:
    lines = ['a: &a ["lol"]'] + [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in ["ab", "bc", "cd"]
    ]
    document = read_document("\n".join(lines).encode())
    assert document.tree["d"] == [None] * 9
    assert [problem.code for problem in document.problems].count("alias") == 27


def test_quotes_settle_what_a_word_means() -> None:
    document = read_document(b"country: 'NO'\ncut_off: \"04:00\"\npin: '0123'\n")
    assert document.tree == {"country": "NO", "cut_off": "04:00", "pin": "0123"}
    assert document.problems == ()
