"""Lists cut into pages, and no list that can be dug through for ever."""

from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

DEEPEST = 100


class ShallowPaginator(Paginator):
    """Of a very long list only the first hundred pages: further down, a filter or the archive leads.

    `total` is how many rows there are, when that is known already.
    """

    def __init__(self, rows: Any, per_page: int, *, total: int | None = None) -> None:
        super().__init__(rows, per_page)
        self.known_total = total

    @cached_property
    def total(self) -> int:
        return super().count if self.known_total is None else self.known_total

    @cached_property
    def count(self) -> int:
        return min(self.total, DEEPEST * self.per_page)

    @property
    def is_cut(self) -> bool:
        return self.total > self.count


def page_of(request: HttpRequest, rows: Any, per_page: int = 20, total: int | None = None) -> Page:
    """The page the reader asked for with `?page=`; a page that is not there is not found."""
    paginator = ShallowPaginator(rows, per_page, total=total)
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise Http404("No such page")
    try:
        page = paginator.page(int(number))
    except (PageNotAnInteger, EmptyPage) as error:
        raise Http404("No such page") from error
    page.numbers = list(paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
    return page
