"""Import and export: a file is looked at first, and the second press takes in what was looked at."""

from flask import Response, flash, get_flashed_messages, redirect, render_template, request, url_for

from app.accounts.guards import current_settings, may, signed_in_user
from app.accounts.rights import Right
from app.admin.files.files_page import files_page, plan_page, summary
from app.admin.record_words_page import sentence
from app.admin.views_blueprint import blueprint
from app.admin.views_records import Answer, today, writing
from app.customers.files import service
from app.customers.files.errors import FileFaulty, FileOvertaken
from app.lib.db import db


@blueprint.get("/files")
@may(Right.KEEP_COMPANIES)
def files() -> Answer:
    """What can be written and read, with its columns."""
    done = [str(text) for text in get_flashed_messages(category_filter=["imported"])]
    return render_template("admin/files.html", page=files_page(done=done[0] if done else ""))


@blueprint.post("/files/<any(companies, contacts):kind>/export")
@may(Right.KEEP_COMPANIES)
def export_file(kind: str) -> Answer:
    """All companies or contacts as one file."""
    actor, day = signed_in_user(), today()
    data = writing(lambda s, now: service.export(s, now, day, actor, kind))
    answer = Response(data, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}-{day.isoformat()}.csv"'
    return answer


@blueprint.post("/files/<any(companies, contacts):kind>")
@may(Right.KEEP_COMPANIES)
def send_file(kind: str) -> Answer:
    """Take a file to be looked at; nothing of it is done yet."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        page = files_page(missing=kind)
        return render_template("admin/files.html", page=page), 422
    actor = signed_in_user()
    file_id = writing(lambda s, now: service.keep_file(s, now, actor, kind, content))
    return redirect(url_for("admin.look_at_file", file_id=file_id), 303)


@blueprint.get("/files/<file_id>")
@may(Right.KEEP_COMPANIES)
def look_at_file(file_id: str) -> Answer:
    """What a file would do, or every line that is wrong."""
    kind, plan = service.look(db.session(), today(), current_settings(), signed_in_user(), file_id)
    page = plan_page(file_id, kind, plan)
    return render_template("admin/file.html", page=page), 422 if plan.faults else 200


@blueprint.post("/files/<file_id>/take")
@may(Right.KEEP_COMPANIES, fresh=True)
def take_file(file_id: str) -> Answer:
    """Do what was looked at: all of it, or nothing."""
    actor, settings, day = signed_in_user(), current_settings(), today()
    digest = request.form.get("digest", "")
    try:
        plan = writing(lambda s, now: service.take(s, now, day, settings, actor, file_id, digest))
    except (FileFaulty, FileOvertaken) as error:
        kind, plan = service.look(db.session(), day, settings, actor, file_id)
        page = plan_page(file_id, kind, plan, sentence(error.code))
        return render_template("admin/file.html", page=page), error.status
    flash(summary(plan), "imported")
    return redirect(url_for("admin.files"), 303)
