"""Where static files are collected: hashed and compressed, with one stylesheet, and our scripts without comments."""

from typing import Any

import rjsmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from csan import stylesheet

SCRIPTS = "js/"


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it comes without types
    """What browsers get is made here; the sources stay as they are."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Any:
        if not dry_run:
            self._replace(paths, stylesheet.NAME, stylesheet.site_css())
            for name in [name for name in paths if name.startswith(SCRIPTS)]:
                storage, source = paths[name]
                with storage.open(source) as file:
                    self._replace(paths, name, str(rjsmin.jsmin(file.read().decode())))
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _replace(self, paths: dict[str, Any], name: str, text: str) -> None:
        self.delete(name)
        self.save(name, ContentFile(text.encode()))
        paths[name] = (self, name)
