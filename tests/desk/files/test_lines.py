"""Files of messages as pages show them."""

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale

from app.desk.files.files_page import file_lines, size_words
from app.desk.values import FileValue


@pytest.mark.parametrize(
    ("size", "english"), [(1, "1 KB"), (1001, "2 KB"), (999_000, "999 KB"), (1_540_000, "1.5 MB")]
)
def test_sizes_are_said_as_people_say_them(app: Flask, size: int, english: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert size_words(size) == english


def test_a_list_of_files_links_to_each_and_names_are_only_words(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        lines = file_lines([FileValue("id1", "<b>.png", "image/png", 12)])
        page = render_template_string(
            "{% import 'desk/_files.html' as files with context %}{{ files.list(lines) }}{{ files.field() }}",
            lines=lines,
        )
    assert 'href="/files/id1" download' in page and "&lt;b&gt;.png" in page and "1 KB" in page
    assert 'type="file"' in page and 'name="files" multiple' in page
