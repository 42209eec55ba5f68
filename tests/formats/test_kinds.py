"""Files for kinds beyond a choice: what may be left out of the caption, and how gold is written."""

import pytest

from formats.tables.reading import FileErrors, read_tasks


def read(text: str, kind: str, options: tuple[str, ...] | None = None, template: str | None = None):
    return read_tasks(text.encode(), "a.csv", options, kind, template)


def test_a_rating_is_from_one_to_five_unless_said_otherwise():
    assert read("text,gold\na,4\n", "rating").options == ("1", "2", "3", "4", "5")
    assert read("text,gold\na,Good\n", "rating", ("bad", "good")).rows[0].gold == ("good",)
    with pytest.raises(FileErrors, match="one of 1, 2, 3, 4, 5"):
        read("text,gold\na,6\n", "rating")


@pytest.mark.parametrize(
    ("rows", "options", "template", "found", "shown"),
    [
        ("left,right\nx,y\n", None, None, ("A", "B"), "A: {left}\n\nB: {right}"),
        ("left,right,gold\nx,y,b\n", None, None, ("A", "B"), "A: {left}\n\nB: {right}"),
        ("left,right,gold\nx,y,Right\n", None, None, ("left", "right"), "left: {left}\n\nright: {right}"),
        ("text,one,two\nq,x,y\n", None, None, ("A", "B"), "{text}\n\nA: {one}\n\nB: {two}"),
        ("left,right\nx,y\n", None, "{left} or {right}?", ("left", "right"), "{left} or {right}?"),
        ("left,right\nx,y\n", ("first", "second"), None, ("first", "second"), "first: {left}\n\nsecond: {right}"),
        ("q,left,right\nw,x,y\n", ("Left", "Right"), None, ("Left", "Right"), "{q}\n\nLeft: {left}\n\nRight: {right}"),
        ("text,gold\nx,this\ny,that\n", None, None, ("this", "that"), "{text}"),
    ],
)
def test_what_is_compared_are_options_or_columns(rows, options, template, found, shown):
    file = read(rows, "compare", options, template)
    assert (file.options, file.template) == (found, shown)


def test_a_ranking_needs_all_in_order():
    file = read("a,b,c,gold\nx,y,z,B>a > C\n", "rank")
    assert (file.options, file.rows[0].gold) == (("A", "B", "C"), ("B>A>C",))
    with pytest.raises(FileErrors, match="all of them in order, like A>B>C"):
        read("a,b,c,gold\nx,y,z,B>A\n", "rank")
    with pytest.raises(FileErrors, match="an option without “>”"):
        read("text\nx\n", "rank", ("a>b", "c"))
    with pytest.raises(FileErrors, match="two or more columns"):
        read("text\nx\n", "rank")
    with pytest.raises(FileErrors, match="exactly two columns to compare"):
        read("a,b,c\nx,y,z\n", "preference", None, "{a} {b} {c}")


@pytest.mark.parametrize("kind", ["rank", "best_worst"])
@pytest.mark.parametrize(
    ("rows", "template", "ranked"),
    [
        ("question,a,b,c\nq,x,y,z\n", "{question}\n{a} / {b} / {c}", ("a", "b", "c")),
        ("question,a,b,c\nq,x,y,z\n", "{question}\nFirst: {a}\nSecond: {b}\nThird: {c}", ("First", "Second", "Third")),
        ("topic,a,b,c\nq,x,y,z\n", "{topic}: {a}, {b}, {c}", ("a", "b", "c")),
        ("prompt,one,two,human\nq,x,y,z\n", "{prompt}\n{one}\n{two}\n{human}", ("one", "two", "human")),
        ("question,a,b,c,gold\nq,x,y,z,question>a>b>c\n", "{question} {a} {b} {c}", ("question", "a", "b", "c")),
        ("title,source,input\nx,y,z\n", "{title} {source} {input}", ("title", "source", "input")),
    ],
)
def test_the_question_in_a_template_is_not_ranked(kind, rows, template, ranked):
    if kind == "best_worst":
        rows = rows.replace("question>a>b>c", "question>a")
    file = read(rows, kind, None, template)
    assert (file.options, file.template) == (ranked, template)


@pytest.mark.parametrize(
    ("kind", "gold", "expected"),
    [
        ("number", "12±0.5|10..14", None),
        ("number", "a dozen", "a number like 12.5"),
        ("location", '"48.85837, 2.29448 ±200"', None),
        ("location", "Paris", "a place like"),
        ("photo", "cat.jpg", "can't be known beforehand"),
        ("text", "Été|summer", None),
    ],
)
def test_gold_of_each_kind(kind, gold, expected):
    rows = f"text,gold\na,{gold}\n"
    if expected is None:
        assert read(rows, kind).rows[0].gold == tuple(gold.strip('"').split("|"))
    else:
        with pytest.raises(FileErrors, match=expected):
            read(rows, kind)


@pytest.mark.parametrize(
    ("rows", "kind", "template", "bare"),
    [
        ("a,b\nhttps://x.org/1.jpg,https://x.org/2.png\n", "compare", "{a} or {b}?", ("a", "b")),
        ("a,b\nhttps://x.org/1.jpg,https://x.org/2.png\n", "compare", None, ()),
        ("address,q\nhttps://x.org/1.jpg?w=9,Which?\n", "choice", "{q}\n{address}", ("address",)),
        ("image,q\nhttps://x.org/1.jpg,Which?\n", "choice", "{q}\n{image}", ()),
        ("address,q\nhttps://x.org/page,Which?\n", "choice", "{q}\n{address}", ()),
    ],
)
def test_pictures_that_workers_would_see_as_links_are_named(rows, kind, template, bare):
    file = read(rows, kind, None if kind == "compare" else ("yes", "no"), template)
    assert [each.facts["columns"] for each in file.warnings if each.key == "pictures_as_links"] == [bare][: len(bare)]
