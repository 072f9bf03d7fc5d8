"""The field for files, as forms of messages show it."""

from flask import Flask, render_template_string
from flask_babel import force_locale


def test_the_field_takes_several_files_and_says_what_was_wrong(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        field = (
            "{% import 'desk/_files.html' as files with context %}{{ files.field(problem='Too <large>') }}"
        )
        page = render_template_string(field)
    assert 'type="file" id="files" name="files" multiple' in page
    assert 'aria-describedby="files-hint files-error" aria-invalid="true"' in page
    assert "Too &lt;large&gt;" in page
