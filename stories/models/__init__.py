"""The data: each file holds its models with their QuerySets, and nothing of views, forms or extraction."""

from stories.models.articles import Article, Author, Correction
from stories.models.claim_index import ClaimHeading, StoryPerson
from stories.models.claims import Appearance, Claim, Contradiction, Evidence, Shingle, VerdictChange
from stories.models.editing import (
    Dismissal,
    PendingVersion,
    Presence,
    QuotationChange,
    SavedView,
    ShareLink,
    UnsavedCopy,
)
from stories.models.front_page import FrontPlace
from stories.models.imports import ImportedText, ImportJob, ImportJobFile, ImportRun
from stories.models.near_wordings import NearWording, WordRun
from stories.models.notes import Notice, StoryNote
from stories.models.outlets import Outlet, OutletName, OutletWords
from stories.models.pages import Page
from stories.models.picture_uses import PictureUse
from stories.models.pictures import Picture
from stories.models.politicians import (
    DistinctPair,
    Identifier,
    Membership,
    OtherName,
    Party,
    Politician,
)
from stories.models.review import Act, PersonMerge, ReviewDecision, ReviewLease
from stories.models.search_words import WordGroup
from stories.models.slugs import FormerSlug
from stories.models.story_versions import StoryVersion
from stories.models.topics import TopicIntroduction

__all__ = [
    "Act",
    "Appearance",
    "Article",
    "Author",
    "Claim",
    "ClaimHeading",
    "Contradiction",
    "Correction",
    "Dismissal",
    "DistinctPair",
    "Evidence",
    "FormerSlug",
    "FrontPlace",
    "Identifier",
    "ImportJob",
    "ImportJobFile",
    "ImportRun",
    "ImportedText",
    "Membership",
    "NearWording",
    "Notice",
    "OtherName",
    "Outlet",
    "OutletName",
    "OutletWords",
    "Page",
    "Party",
    "PendingVersion",
    "PersonMerge",
    "Picture",
    "PictureUse",
    "Politician",
    "Presence",
    "QuotationChange",
    "ReviewDecision",
    "ReviewLease",
    "SavedView",
    "ShareLink",
    "Shingle",
    "StoryNote",
    "StoryPerson",
    "StoryVersion",
    "TopicIntroduction",
    "UnsavedCopy",
    "VerdictChange",
    "WordGroup",
    "WordRun",
]
