"""Approvals, and limits of roles."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its step."""

    dependencies: ClassVar = [("staff", "0001_initial")]
    operations: ClassVar = []
