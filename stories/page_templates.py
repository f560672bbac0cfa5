"""The templates of the pages, read without their indentation."""

import re

from django.template import Origin
from django.template.loaders import filesystem


class Loader(filesystem.Loader):
    """Loader of `templates/` that leaves out what each line is indented by: up to a tenth of a page's bytes.

    A line's break is kept, so words stay as far apart as they are written.
    """

    def get_contents(self, origin: Origin) -> str:
        """Return a template's source; raises TemplateDoesNotExist."""
        return re.sub(r"\n[ \t]+", "\n", super().get_contents(origin))
