"""Names that were given up for the terms of the trade do not come back."""

import re
from functools import cache
from pathlib import Path

import pytest

import stories

APP = Path(stories.__file__).parent
# The former name, as a pattern, and what stands for it now.
FORMER = {
    r"\bRegisterQuerySet\b": "IndexQuerySet",
    r"\bWalked\b": "NoIndex",
    r"\bbulk_load\.(tidy|loading)\b": "vacuum_analyze, triggers_disabled",
    r"\bconfirmation\.(vouch|withhold)\b": "confirm, unconfirm",
    r"\b(merging|tagging)\.part\b": "unmerge",
    r"\bcounts\.kept(_for)?\b": "cached, cached_for",
    r"\brevisions\.[kK]ept\b": "of_story, StoryRevision",
    r"\bautosave\.(seen|left|kept|keep|forget|pulse|Pulse)\b": (
        "note_presence, end_presence, unsaved_copy, save_copy, discard_copy, heartbeat, Heartbeat"
    ),
    r"\b(keeping|pulse)\.js\b|\b(Story)?Keeper\b": "autosave.js, heartbeat.js",
    r"\bpending_images\.(kept|forget)\b": "waiting, discard",
    r"\bclaims(\.| import )anchoring\b": "actions.reanchoring, or claims.placing",
    r"\|(public_speaker|speaker_shown|speaker_in_print|claim_title)\b": "Claim.public_speaker and the like",
    r"\bformats(\.| import )renditions\b": "models.renditions",
    r"\bimporting(\.| import )measuring\b": "benchmarking.import_command",
    r"\bquotations\.(Piece|differences|differ)\b": "text.diff.word_changes, text.normalise.same_words",
    r"\btell_when_changed\b": "Django's ConditionalGetMiddleware, and views.http_caching.with_last_modified",
    r"\breaders_page\b|\bviews[./]manners\b": "views.http_caching.public_page",
    r"\bknow_no_null_characters\b": "reject_null_characters",
    r"\bleave_slow_readers\b": "limit_slow_clients",
    r"\bname_request\b": "add_request_id",
    r"\bviews[./]addresses\b": "views.slugs",
    r"stories:voices\b|\bviews[./]voices\b|\bvoices\.html\b": "who_said_what",
    r"\bDEEPEST\b": "MAX_PAGES",
    r"stories[./]desk\b(?!\.pictures)": "stories.actions",
    r"\bLookOnly\b": "ReadOnly, ReadOnlyAdmin",
    r"\bdef told_apart\b|\btold_apart\(": "empty_field_filter",
    r"\bput_back = (True|False)\b": "allow_revert",
    r"\bOrderKept\b": "RemembersOrdering",
    r"\bDeskChangeList\b": "the template tag date_links",
    r"\bask_first\b|\bverb_pages?\b|\bverbs_of\b": "confirmed_action, action_urls, action_view, actions_of",
    r"\bEmbargoQuestion\b": "EmbargoForm",
    r"\bStoryDesk\b": "StoryTools",
    r"\bdesk:fares\b|\bfares_csv\b|\bfares(_line|_head)?\.html\b": "importer_accuracy",
    r"[Ii]mporter fares\b": "importer accuracy",
    r"\bhas_(vouch|withhold)_permission\b": "has_confirm_permission, has_unconfirm_permission",
    r"\btold_span\b|(?<!\bprinted)\.told\b": "Appearance.outlet, Quotation.addressee",
    r"\blinked_data\.told\b|\bfeeds\.told\b|\bdef _?told\((?!client|response|answer)": (
        "omit_empty, filtered_title, _refresh_from, _as_record"
    ),
    r"\btold: (Callable|bool = )|\btold=(status|lambda)|\buntold\b": "on_progress, dated, not_compared",
    r"\bfares-|\bclass=\"fares\b|\.fares\b": "accuracy",
    r"\bstage-verbs?\b|\b(claim|review|history)-verbs\b": "stage-action, claim-actions",
    r"\bname=\"_(then|act)_|\"_(then|act)_": "_confirm_, _confirmed_",
    r"\bvouch(es|ed)? for\b": "confirmed",
    r"\bstories\.(richtext|visible|visibility|triggers|registers|bulk|linkeddata|counts)\b": "its room",
}
# Scripts and templates stand beside the code; migrations that have landed stay as they are.
FILES = [
    path
    for folder in (APP, APP.parent / "templates", APP.parent / "newsroom")
    for path in sorted(folder.rglob("*"))
    if path.suffix in {".py", ".html", ".js", ".mjs", ".css", ".md", ".txt"}
    and not {"migrations", "cases", "words", "weights"} & set(path.relative_to(APP.parent).parts)
    and path != Path(__file__)
]


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("pattern", FORMER, ids=lambda pattern: FORMER[pattern].split(",")[0])
def test_no_former_name_is_used(pattern: str) -> None:
    former = re.compile(pattern)
    found = [
        f"{path.relative_to(APP.parent)}: {match.group()}"
        for path in FILES
        for match in former.finditer(text_of(path))
    ]
    assert found == [], f"now: {FORMER[pattern]}"


def test_files_of_every_kind_are_looked_at() -> None:
    assert {path.suffix for path in FILES} >= {".py", ".html", ".js", ".css", ".md"}
