"""How built files are served: named by their content, compressed, kept by browsers for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Also gives scripts that import each other by file the names with the hash; otherwise browsers ask for them each minute."""

    support_js_module_import_aggregation = True
