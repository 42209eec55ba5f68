"""Problems of a file or a caption, as keys and facts; the translator has the words.

FormatProblem
├── FileErrors   a file of tasks: every problem names line, column, value and what was expected
└── FormErrors   a /newproject caption: every problem names key, value and what was expected
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from errno import EDQUOT, ENOSPC

EXPECTED: Mapping[str, str] = {
    # the file as a whole
    "file_not_empty": "a file with a header and at least one row",
    "file_kind": "a table: CSV, TSV, JSON, JSONL, XLSX, XLS, ODS or Parquet (this looks like {found})",
    "file_readable": "a readable {kind} file",
    "zip_table": "a ZIP with exactly one table in it: CSV, TSV, JSON, JSONL, XLSX, XLS, ODS or Parquet",
    "zip_files": "a ZIP with at most {limit} files",
    "zip_names": "plain names in the ZIP: no links, and no way out of its folders",
    "zip_packed": "files that are packed as usual",
    "no_password": "a file without a password",
    "file_size": "a file that unpacks to at most {limit} MB, and not packed unusually tightly",
    "file_limits": "a file that is read within {seconds} seconds and {megabytes} MB of memory",
    "text_size": "a file whose cells hold at most {limit} MB of text",
    "row_number": "a row number from 1 to {limit}",
    "encoding": "text in UTF-8, UTF-16 or Windows-1252",
    "rows_first_sheet": "rows in the first sheet, the only one that is read; not read: {sheets}",
    "rows": "at least one row under the header",
    "rows_at_most": "at most {limit} rows",
    # the header
    "column_name": "a column name",
    "column_name_index": "a column name, or no such column: pandas leaves its index out with index=False",
    "column_name_once": "each column name once (it is also column {first})",
    "column_name_plain": "a name of at most {limit} characters without braces, line breaks or NUL",
    "columns_at_most": "at most {limit} columns",
    "content_column": "a column with the tasks' content",
    "one_gold_column": "one gold column ({first} is one already)",
    "gold_column": "a column for each question whose answer is known: {columns}",
    "ai_column": "a column {wanted} beside it, with the model's answers",
    "ai_questions": "a column for each question a model answered: {columns} (of several models ai:NAME:QUESTION)",
    "ai_models_at_most": "answers of at most {limit} models",
    # a row
    "cells": "{wanted} cells, as in the header (found {found})",
    "sheet_cells": "at most {wanted} cells: line {first} is read as the names of the columns (found {found})",
    "closing_quote": 'a closing " (quotes inside a quoted cell are doubled)',
    "quote_doubled": 'a separator after the closing " (quotes inside a quoted cell are doubled)',
    "json_object": "one JSON object",
    "json_columns": "an object that names its columns, like {example}",
    "json_element": "an object that names its columns as element {number} of the list, like {example}",
    "utf8_bytes": "text, or bytes that are text in UTF-8",
    "flat_value": "text, a number, true, false or null",
    "saved_value": "a value: this formula was saved without one (open the file in a spreadsheet and save it again)",
    "no_nul": "text without NUL characters",
    "not_empty": "something: the template shows this column",
    "address": "the address of a file, like https://example.org/1.jpg, or the id of one that you sent to this bot",
    "picture": "a picture: JPEG, PNG, WebP or GIF",
    "medium": "a file that can be shown: a picture, MP3, M4A, OGG, WAV, FLAC, MP4, WebM",
    "picture_size": "sides of at most {limit} pixels together, one at most {times} times the other (found {found})",
    "member": "the name of a file in the ZIP, or the address of one",
    "member_path": "its folder too: several files in the ZIP have this name",
    "media_size": "files of at most {limit} MB in all",
    "media_at_most": "at most {limit} files in a task",
    "length": "at most {limit} characters (found {found})",
    "id_once": "each id once (it is also on line {first})",
    # gold, options, template
    "one_of": "one of {options}",
    "none_alone": "“none of them” alone, or options without it",
    "plain_number": "a number like 12.5",
    "number": "a number like 12.5, with a tolerance like 12±0.5, or a range like 10..14",
    "gold_text": "words",
    "ranking": "all of them in order, like {example}",
    "gold_like": "an answer like {example}",
    "place": "a place like 48.85837,2.29448 ±200 (latitude, longitude, metres)",
    "gold_shapes": "a drawing as JSON, like {example}",
    "shape_labels": "labels that are among the options: {options}",
    "shapes_at_most": "at most {limit} shapes",
    "shape_outside": "shapes inside the picture (0 to 1), or inside the text or the sound",
    "shape_small": "shapes that have an area or a length",
    "shape_corners": "polygons of 3 to {limit} corners",
    "labels": "the labels to choose from, as options in the caption",
    "one_picture": "a template that shows exactly one picture, from a column named image",
    "text_to_mark": "a template that shows the column with the text",
    "one_sound": "a template that plays exactly one sound, from a column named audio",
    "no_gold": "nothing: answers of this kind can't be known beforehand",
    "integer": "a whole number from {minimum} to {maximum}",
    "options_or_gold": "options in the caption, or a gold column with answers",
    "options_or_columns": "options in the caption, or two or more columns to put in order",
    "two_candidates": "two options in the caption, or exactly two columns to compare",
    "option_without": "an option without “{example}”",
    "options_at_least": "at least {limit} different options",
    "options_at_most": "at most {limit} options",
    "option_once": "each option once",
    "option_text": "an option that is not empty",
    "option_length": "an option of at most {limit} characters",
    "template": "a template saying which of {columns} to show, like {{{example}}}",
    "known_column": "one of the file's columns: {columns}",
    "placeholder": "a template with at least one of {columns} in braces",
    # a caption
    "command": "a caption that begins with /newproject",
    "key_value": "a line like “key: value”",
    "known_key": "a known key (did you mean {suggestion}?)",
    "key_once": "each key once",
    "picture_beside": "an https address of a picture, or the id of a photo that you sent to the bot",
    "pictures_at_most": "at most {limit} pictures",
    "example": "an item, its right answer and why, like: Lovely shoes! | positive | they are happy",
    "example_length": "at most {limit} characters, not {found}",
    "examples_at_most": "at most {limit} examples",
    "lines_at_most": "at most {limit} lines",
    "required": "a value: it is required",
    "qualification_pay": "both lines, pay: for an attempt, and people: how many at most are paid, up to {limit}",
    "qualification_pay_no_test": "at least one question: who has it by a list is paid nothing for it",
    "qualification_line": "a line that begins with name, description, minutes, again, pay, people or question",
    "qualification_name": "a name of at most {limit} characters, without commas and signs of comparison",
    "qualification_description": "what it is about, in at most {limit} characters",
    "qualification_question": "a question, 2 to {limit} options and the right one: Is it so? | yes, no | right=yes",
    "qualification_holder": "a worker as in /submissions, an @name or a number at Telegram, and perhaps a value",
    "bonus_columns": "the columns worker, amount and reason, each once",
    "bonus_worker": "a worker who has worked for you, as in the column worker of /submissions",
    "bonus_reason": "why, in words: the worker reads it",
    "amount": "an amount like 0.05",
    "amount_unclear": "{thousands} or {units}: this could be either",
    "amount_positive": "an amount above zero",
    "amount_decimals": "an amount with at most {limit} decimals",
    "amount_at_most": "an amount of at most {limit}",
    "currency": "an amount in {currency}",
    "duration": "a time like 90, 90 s or 2 min, from {minimum} s to {maximum} s",
    "decimal": "a number from {minimum} to {maximum}",
    "at_least_overlap": "a number not below the overlap, {minimum}",
    "language_codes": "language codes like en, fr",
    "address_https": "an address that begins with https://",
    "address_public": "an address on the public internet",
    "address_answers": "an address whose server answers",
    "address_found": "a file there (the server says {status})",
    "address_redirects": "an address with at most {limit} redirects",
    "address_size": "a file of at most {limit} MB",
    "address_quick": "a file that is fetched within {seconds} seconds",
    "no_second_file": "no address: the tasks come with this message",
    "question_line": "a question like: {example}",
    "question_kind": "a kind of answer that a form can hold: {options}",
    "question_text": "a kind, then the question in at most {limit} characters",
    "two_compared": "two names without signs of comparison, like: A, B",
    "compare_alone": "the kind {example}, or no such line",
    "header": "no where the first row of the file is a task, else yes",
    "checks": "off; or no NAME, of {options}; or a limit: {example}",
    "checks_alone": "one of the kinds {example}, or no such line",
    "compare_words": "one or more of: {options}",
    "criteria": "one to {limit} different questions of at most {found} characters each",
    "question_options": "options behind the question, like: {example}",
    "question_no_options": "no options: a question of the kind {kind} has none",
    "question_name": "a name that no other question has, of at most {limit} letters, digits, - or _",
    "question_condition": "a condition on a question that stands before, like: {example}",
    "question_never": "conditions that can hold together: nobody would be asked this question",
    "question_value": "an answer to {wanted}: {options}",
    "question_order": "a comparison with a number or a step of a rating",
    "questions_at_most": "at most {limit} questions",
    "form_json": "a list of questions in JSON, each with kind, text, options, name, required, if",
    "form_json_broken": "JSON that can be read: it breaks off here, in line {first}",
    "question_parts": "none but the parts of a question: {options}",
    "question_no_ai": "no model within a question: what models answered comes in the file, in columns named ai:NAME",
    "question_list": "a list of texts in brackets",
    "question_word": "a text or a number",
    "reason_text": "a question in at most {limit} characters",
    "questions_one_way": "the questions once: a line each, or as JSON",
    "form_alone": "no line “{example}”: each question has its own",
    "form_questions": "lines that begin with “question:”, one for each question",
    "who_never": "conditions that somebody can meet together",
    "who": "country=FR, qualified=TITLE, good in=N, not in=N, at most=K or invited",
    "who_country": "a country by its name or two letters, like country=FR",
    "who_title": "a qualification or project of yours, like qualified=Spelling test or qualified in Spelling ≥ 80",
    "who_says": "a question with 2 to {limit} answers and those that will do, like: says=Do you drive? yes / no → yes",
    "who_project": "the number of one of your projects, like not in=7",
    "who_limit": "a number of tasks from {minimum} to {maximum}, like at most=50",
    "who_at_most": "at most {limit} conditions",
    "ai_columns": "names of the columns with a model's answers, or: may decide",
}


def expected(key: str, facts: Mapping[str, object]) -> str:
    """Return what was expected, in English."""
    return EXPECTED[key].format(**_joined_facts(facts))


WARNINGS: Mapping[str, str] = {
    "encoding_guessed": "The encoding was guessed: {encoding}. Check accents and quotes in the preview.",
    "columns_ignored": "Columns not used: {columns}.",
    "columns_unshown": "Workers do not see: {columns}. The template “{template}” shows all of it.",
    "pictures_as_links": "Workers see an address, not its picture: {columns}. Call such a column image, or image 1, "
    "image 2 … where there are several.",
    "row_numbers_ignored": "The first column has no name and numbers the rows: it is left out.",
    "sheets_ignored": "Only the first sheet is read; not used: {sheets}.",
    "no_confidence": "Answers of the kind {kind} have no confidence: each task takes its {overlap} answers.",
    "may_decide_form": "No form is left to models alone: “may decide” changes nothing. Their answers still count.",
    "max_overlap_alone": "max_overlap does nothing without confidence: each task takes its {overlap} answers.",
    "first_row_named": "The first row names the columns, and is no task: “{row}”. If it is one, say header: no.",
    "first_row_task": "The first row is a task: “{row}”. Names of the columns: {columns}.",
    "rows_left_out": "Rows left out because a cell that workers would see is empty: {count}.",
    "media_unnamed": "Files of the ZIP that no cell names: {count}. Call the column image, audio, video or document.",
    "addresses_unanswered": "Addresses that do not answer: {count}, for example {first}.",
    "file_known": "This very file is in project {number}, too: “{title}”. /stop {number} ends that one.",
    "file_added": "This very file is in this project already: its tasks would be given out and paid once more. "
    "Unlaunched, they are deleted after {days} days.",
    "other_format": "The name says {named}, the content is {found}: read as {found}.",
}


def warning(key: str, facts: Mapping[str, object]) -> str:
    """Return a warning's text, in English."""
    return WARNINGS[key].format(**_joined_facts(facts))


def _joined_facts(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: ", ".join(fact) if isinstance(fact, tuple) else fact for name, fact in facts.items()}


Fact = str | int | tuple[str, ...]
MAX_SHOWN_ERRORS = 50
EMPTY_CELL = "not_empty"
MAX_SHOWN_CHARS = 80
DISK_FULL_ERRNOS = (ENOSPC, EDQUOT)  # errors of a full disk


@dataclass(frozen=True, slots=True)
class RowError:
    """One problem of a file. `line` is the editor's; `expected` is a key of EXPECTED."""

    line: int
    column: str
    value: str
    expected: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        found_text = f"found {self.value!r}, " if self.value or self.column else ""
        return f"{place}: {found_text}expected {expected(self.expected, self.facts)}"


@dataclass(frozen=True, slots=True)
class FormError:
    """One problem of a caption; `expected` is a key of EXPECTED."""

    key: str
    value: str
    expected: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.key}: found {self.value!r}, expected {expected(self.expected, self.facts)}"


class FormatProblem(Exception):
    """The file or caption sent cannot be used."""


class FileErrors(FormatProblem):
    """A file's first MAX_SHOWN_ERRORS problems in the order of its lines, the number of all, and how many of them
    are rows with an empty cell in a column that workers see."""

    def __init__(self, errors: tuple[RowError, ...], total: int, empty: int = 0) -> None:
        super().__init__(errors, total, empty)
        self.errors = errors
        self.total = total
        self.empty = empty

    def __str__(self) -> str:
        omitted = self.total - len(self.errors)
        return "\n".join([*map(str, self.errors), *([f"… and {omitted} more"] if omitted else [])])


class FormErrors(FormatProblem):
    """Every problem of a caption, in the order of its lines; missing values come last."""

    def __init__(self, errors: tuple[FormError, ...]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


def shortened(value: str) -> str:
    """Return the value, cut to MAX_SHOWN_CHARS with an ellipsis."""
    return value if len(value) <= MAX_SHOWN_CHARS else value[: MAX_SHOWN_CHARS - 1] + "…"


def row_problem(line: int, column: str, value: str, expected: str, **facts: Fact) -> RowError:
    """Return a row's problem with its value shortened."""
    return RowError(line, column, shortened(value), expected, facts)


def unreadable_file(line: int, column: str, value: str, expected: str, **facts: Fact) -> FileErrors:
    """Return the exception for a file that one problem makes unreadable; the caller raises it."""
    return FileErrors((row_problem(line, column, value, expected, **facts),), 1)


class ErrorCollector:
    """Collector of a file's problems: it counts all and keeps those that will be shown."""

    def __init__(self) -> None:
        self._errors: list[RowError] = []
        self.total = self.empty = 0

    def add(self, *errors: RowError) -> None:
        self.total += len(errors)
        self.empty += sum(error.expected == EMPTY_CELL for error in errors)
        self._errors.extend(errors)
        if len(self._errors) > 4 * MAX_SHOWN_ERRORS:
            self._errors = sorted(self._errors, key=_line_of_error)[:MAX_SHOWN_ERRORS]

    def raise_if_any(self) -> None:
        """Raise FileErrors if a problem was added."""
        if self.total:
            raise FileErrors(tuple(sorted(self._errors, key=_line_of_error)[:MAX_SHOWN_ERRORS]), self.total, self.empty)


def _line_of_error(error: RowError) -> int:
    return error.line


def is_disk_full(error: BaseException) -> bool:
    """Return whether the error, or one that it was raised from, is that of a full disk."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in DISK_FULL_ERRNOS:
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def raise_if_disk_full(error: BaseException) -> None:
    """Raise the error again if a disk is full, so that the file which was being read is not blamed."""
    if is_disk_full(error):
        raise error
