"""English for each `expected` key: logs, tests, and the translators' model."""

from __future__ import annotations

from collections.abc import Mapping

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
    "rows": "at least one row under the header",
    "rows_at_most": "at most {limit} rows",
    # the header
    "column_name": "a column name",
    "column_name_once": "each column name once (it is also column {first})",
    "column_name_plain": "a name of at most {limit} characters without braces, line breaks or NUL",
    "columns_at_most": "at most {limit} columns",
    "content_column": "a column with the tasks' content",
    "one_gold_column": "one gold column ({first} is one already)",
    "gold_column": "a column for each question whose answer is known: {columns}",
    "ai_column": "a column {wanted} beside it, with the model's answers",
    "ai_models_at_most": "answers of at most {limit} models",
    # a row
    "cells": "{wanted} cells, as in the header (found {found})",
    "closing_quote": 'a closing " (quotes inside a quoted cell are doubled)',
    "quote_doubled": 'a separator after the closing " (quotes inside a quoted cell are doubled)',
    "json_object": "one JSON object",
    "flat_value": "text, a number, true, false or null",
    "saved_value": "a value: this formula was saved without one (open the file in a spreadsheet and save it again)",
    "no_nul": "text without NUL characters",
    "not_empty": "something: the template shows this column",
    "address": "the address of a file, like https://example.org/1.jpg, or the id of one that you sent to this bot",
    "picture": "a picture: JPEG, PNG, WebP or GIF",
    "medium": "a file that can be shown: a picture, MP3, M4A, OGG, WAV, FLAC, MP4, WebM",
    "picture_size": "sides of at most {limit} pixels together, one at most {times} times the other (found {found})",
    "member": "the name of a file in the ZIP, or the address of one",
    "media_size": "files of at most {limit} MB in all",
    "media_at_most": "at most {limit} files in a task",
    "length": "at most {limit} characters (found {found})",
    "id_once": "each id once (it is also on line {first})",
    # gold, options, template
    "one_of": "one of {options}",
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
    "lines_at_most": "at most {limit} lines",
    "required": "a value: it is required",
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
    "question_options": "options behind the question, like: {example}",
    "question_no_options": "no options: a question of the kind {kind} has none",
    "question_name": "a name that no other question has, of at most {limit} letters, digits, - or _",
    "question_condition": "a condition on a question that stands before, like: {example}",
    "question_value": "an answer to {wanted}: {options}",
    "question_order": "a comparison with a number or a step of a rating",
    "questions_at_most": "at most {limit} questions",
    "form_json": "a list of questions in JSON, each with kind, text, options, name, required, if",
    "form_alone": "no line “{example}”: each question has its own",
    "form_questions": "lines that begin with “question:”, one for each question",
    "who": "country=FR, qualified=TITLE, good in=N, not in=N, at most=K or invited",
    "who_country": "a country by its name or two letters, like country=FR",
    "who_title": "a qualification or project of yours, like qualified=Spelling test or qualified in Spelling ≥ 80",
    "who_project": "the number of one of your projects, like not in=7",
    "who_limit": "a number of tasks from {minimum} to {maximum}, like at most=50",
    "who_at_most": "at most {limit} conditions",
    "ai_columns": "names of the columns with a model's answers, or: may decide",
}


def expected(key: str, facts: Mapping[str, object]) -> str:
    """The expected value, in English."""
    return EXPECTED[key].format(**_shown(facts))


WARNINGS: Mapping[str, str] = {
    "encoding_guessed": "The encoding was guessed: {encoding}. Check accents and quotes in the preview.",
    "columns_ignored": "Columns not used: {columns}.",
    "sheets_ignored": "Only the first sheet is read; not used: {sheets}.",
    "no_confidence": "Answers of the kind {kind} have no confidence: each task takes its {overlap} answers.",
    "max_overlap_alone": "max_overlap does nothing without confidence: each task takes its {overlap} answers.",
    "rows_left_out": "Rows left out because a cell that workers would see is empty: {count}.",
    "addresses_unanswered": "Addresses that do not answer: {count}, for example {first}.",
    "other_format": "The name says {named}, the content is {found}: read as {found}.",
}


def warning(key: str, facts: Mapping[str, object]) -> str:
    """A warning's text, in English."""
    return WARNINGS[key].format(**_shown(facts))


def _shown(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: ", ".join(fact) if isinstance(fact, tuple) else fact for name, fact in facts.items()}
