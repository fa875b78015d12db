"""Fields that take files: how many, of what kind, and how large."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from cases.importing.limits import MOST_FILES


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, by the ends of their names."""

    def __init__(self, *, suffixes: Sequence[str], **kwargs: Any) -> None:
        self.suffixes = tuple(suffixes)
        super().__init__(widget=FilesInput({"accept": ",".join(suffixes)}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not chosen:
            raise ValidationError(self.error_messages["required"])
        if len(chosen) > MOST_FILES:
            raise ValidationError(_("No more than %(n)d files at once.") % {"n": MOST_FILES})
        files: list[UploadedFile] = [super(FilesField, self).clean(one, initial) for one in chosen]
        for file in files:
            if not str(file.name).lower().endswith(self.suffixes):
                names = ", ".join(self.suffixes)
                raise ValidationError(_("%(name)s is none of: %(names)s") % {"name": file.name, "names": names})
        return files
