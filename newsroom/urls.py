"""URLs of the project: the admin at /admin/, media, and the public site at the root."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from stories.admin import password_reset, sign_in
from stories.admin.refusals import forbidden
from stories.views.errors import bad_request, not_found, server_error
from stories.views.media import media, sized

urlpatterns = [
    *(password_reset.urlpatterns if settings.EMAIL_URL else []),
    *sign_in.urlpatterns,
    path("admin/", include("stories.admin.urls")),
    path("admin/", admin.site.urls),
    # Served by views, not by a web server: who may see a picture depends on its story.
    path(f"{settings.MEDIA_URL.strip('/')}/sized/<str:size>/<path:path>", sized, name="sized"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", media, name="media"),
    path("", include("stories.urls")),
]

handler400 = bad_request
handler403 = forbidden
handler404 = not_found
handler500 = server_error
